"""The page of one entry at its review, and the page on which a returned one is handed in again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from administration.models import AuditEntry
from common.files.uploads import check_upload
from exams.enums import EntryState
from exams.evidence.services import add_evidence, remove_evidence
from exams.models import Evidence, ExamEntry
from exams.reviewing.services import return_entries
from tests.accounts.cards import picture, upload
from tests.clock import Clock
from tests.exams.exam_world import AFTER, NOW, ExamWorld, make_batch, make_candidate, make_entry, text
from tests.factories import Duty, actor, make_enterprise, make_office, make_operator, make_person, make_staff
from tests.workflow.browsing import browser, seen_on, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def test_the_page_shows_faces_checks_history_and_what_happened(world: ExamWorld) -> None:
    (entry,) = world.entered()
    former = make_batch(name="南昌市2025年第9批考核")
    make_entry(entry.person, world.enterprise, former, state=EntryState.FAILED, settled_at=AFTER)
    client = browser(world.province.reviewer)
    page = words(client.get(f"/office/exams/entries/{entry.pk}/"))
    assert "实名登记人像" in page
    assert "证件照" in page
    assert "没有有效的C2证" in page
    assert "学历或职称符合要求" in page
    assert "南昌市2025年第9批考核" in page
    assert "不合格" in page
    assert "企业报名" in page
    assert "2026年11月30日前审核" in page
    assert "选填" not in page, "reasons are ticked or not"
    assert client.get(f"/office/exams/entries/{entry.pk}/photo/").headers["Content-Type"] == "image/jpeg"
    assert AuditEntry.objects.filter(action="view_photo", object_id=str(entry.person_id)).exists()
    assert client.get(f"/office/exams/entries/{entry.pk}/portrait/").status_code in (200, 404)


def test_the_scans_of_the_person_are_opened_from_the_page(world: ExamWorld, clock: Clock) -> None:
    (entry,) = world.entered()
    client, address = browser(world.province.reviewer), f"/office/exams/entries/{entry.pk}/"
    assert words(client.get(address)).count("没有上传") == 3
    owner = actor(entry.person.user)
    for kind, width in (("education", 300), ("title", 310)):
        add_evidence(kind=kind, upload=check_upload(upload(picture(width, 200), f"{kind}.jpg")), actor=owner)
    diploma, title = Evidence.objects.order_by("pk")
    clock.forward(timedelta(minutes=5))
    remove_evidence(title.pk, actor=owner)
    page = client.get(address)
    assert "学历证书" in words(page)
    assert words(page).count("本人已撤下") == 1
    for kept in (diploma, title):
        opened = f"/office/exams/evidence/{kept.pk}/"
        assert f'href="{opened}"' in page.content.decode()
        assert client.get(opened).status_code == 200


def test_it_is_of_the_office_alone(world: ExamWorld) -> None:
    (entry,) = world.entered()
    elsewhere = browser(make_staff(make_office("九江市住建局", region="360400"), Duty.REVIEW))
    for part in ("", "photo/", "photo/small/", "portrait/"):
        assert elsewhere.get(f"/office/exams/entries/{entry.pk}/{part}").status_code == 404
    other = browser(make_operator(make_enterprise()))
    assert other.get(f"/enterprise/exams/entries/{entry.pk}/resubmit/").status_code == 404
    stranger = make_person("路人甲")
    assert browser(stranger.user).get(f"/person/exams/{entry.pk}/resubmit/").status_code == 404


def test_it_is_returned_cured_and_approved_by_the_pages(world: ExamWorld) -> None:
    first, second = world.entered(2)
    office, address = browser(world.province.reviewer), f"/office/exams/entries/{first.pk}/"
    nothing = office.post(address, {"action": "return", "comment": "看不清"} | seen_on(office, address))
    assert nothing.status_code == 400
    assert "请勾选退回的原因" in words(nothing)
    assert "看不清" in nothing.text
    answer = office.post(address, {"action": "return", "reasons": ["photo"], "comment": ""} | seen_on(office, address))
    assert answer.headers["Location"] == f"/office/exams/entries/{second.pk}/"
    firm = browser(world.operator)
    assert "有1条考试报名被退回补正" in words(firm.get("/enterprise/"))
    assert "2026年12月9日（含）前补正" in words(firm.get("/enterprise/exams/entries/"))
    cure = f"/enterprise/exams/entries/{first.pk}/resubmit/"
    assert "请在“个人信息”中重新上传近期免冠证件照" in words(firm.get(cure))
    assert firm.post(cure, {"note": "换了照片"}).status_code == 302
    assert firm.post(cure, {"note": "再来一次"}).headers["Location"] == "/enterprise/exams/entries/"
    page = office.get(address)
    assert "换了照片" in words(page)
    office.post(address, {"action": "approve"} | seen_on(office, address))
    first.refresh_from_db()
    assert first.state == EntryState.APPROVED


def test_the_person_reads_what_lacks_and_hands_it_in(world: ExamWorld) -> None:
    (entry,) = world.entered()
    return_entries([entry.pk], reasons=["education"], actor=actor(world.province.reviewer), now=NOW)
    person = browser(entry.person.user)
    assert "有1条考试报名被退回补正" in words(person.get("/person/"))
    assert f"/person/exams/{entry.pk}/resubmit/" in text(person, "/person/exams/")
    assert "学历没有证明" in words(person.get(f"/person/exams/{entry.pk}/resubmit/"))
    long = person.post(f"/person/exams/{entry.pk}/resubmit/", {"note": "长" * 301})
    assert long.status_code == 400
    assert "长" * 301 in long.text
    assert person.post(f"/person/exams/{entry.pk}/resubmit/", {"note": ""}).status_code == 302
    entry.refresh_from_db()
    assert entry.state == EntryState.ENTERED


def test_whoever_decides_on_an_older_page_is_told_of_the_colleague(world: ExamWorld) -> None:
    (entry,) = world.entered()
    office, address = browser(world.province.reviewer), f"/office/exams/entries/{entry.pk}/"
    seen = seen_on(office, address)
    colleague = actor(make_staff(world.province.municipal, Duty.REVIEW, name="于先到"))
    return_entries([entry.pk], reasons=["photo"], actor=colleague, now=NOW)
    late = office.post(address, {"action": "refuse", "comment": "社保不在本企业"} | seen)
    assert late.status_code == 409
    assert "于先到处理（退回补正），您的操作没有生效" in words(late)
    bulk = office.post("/office/exams/review/", {"action": "approve", "picked": [entry.pk], "seen": [f"{entry.pk}.0"]})
    assert "您的操作没有生效" in words(bulk)


def test_nobody_reviews_the_own_entry(world: ExamWorld) -> None:
    (entry,) = world.entered()
    own = make_staff(world.province.municipal, Duty.REVIEW, name=entry.person.name)
    type(own).objects.filter(pk=own.pk).update(identity_index=entry.person.id_number_index)
    own.refresh_from_db()
    page = words(browser(own).get(f"/office/exams/entries/{entry.pk}/"))
    assert "这是您本人的报名，不能由您审核" in page
    assert "退回补正的原因" not in page


def test_filters_find_by_batch_enterprise_state_and_waiting(world: ExamWorld, clock: Clock) -> None:
    entries = world.entered(3)
    soon = make_batch(exam_from=NOW.date() + timedelta(days=12), exam_to=NOW.date() + timedelta(days=12))
    firm = make_enterprise("江西䶮达·筑建设有限公司")
    make_entry(make_candidate(firm, "𠮷安"), firm, soon, state=EntryState.ENTERED, office=world.province.municipal)
    return_entries([entries[0].pk], reasons=["photo"], actor=actor(world.province.reviewer), now=NOW)
    office = browser(world.province.reviewer)

    def listed(query: str) -> int:
        page = office.get(f"/office/exams/review/?{query}")
        assert page.status_code == 200
        return page.text.count('class="with-face"')

    assert (listed(""), listed("state=returned"), listed(f"batch={soon.pk}"), listed("enterprise=䶮达·筑")) == (
        3,
        1,
        1,
        1,
    )
    assert (listed("name=𠮷"), listed("wait=late"), listed("wait=nonsense&batch=x&state=passed")) == (1, 0, 3)
    clock.stop_at(NOW + timedelta(days=8))
    office = browser(world.province.reviewer)
    ExamEntry.objects.filter(batch=soon).update(entered_at=NOW + timedelta(days=7))
    assert (listed("wait=late"), listed("wait=3"), listed("wait=soon")) == (2, 2, 1)
    assert "有2条报名超过审核期限" in words(office.get("/office/exams/review/"))
    dashboard = words(office.get("/office/"))
    assert "考试报名审核" in dashboard
    assert "已超期2条" in dashboard
    assert "7天内考试1条" in dashboard
