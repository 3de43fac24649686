"""Scans of education, title and years of work: uploaded once, opened by the office that reviews an entry."""

from __future__ import annotations

from datetime import timedelta

import pytest

from administration.models import AuditEntry
from common.files.uploads import check_upload
from common.findings import Refused
from exams.evidence.selectors import evidence_kinds_of, evidence_of, evidence_of_entry
from exams.evidence.services import MOST, add_evidence, remove_evidence
from exams.models import Evidence, ExamEntry
from tests.accounts.cards import picture, upload
from tests.clock import Clock
from tests.exams.exam_world import NOW, ExamWorld, make_candidate, text
from tests.factories import actor, make_person
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db
PAGE = "/person/exams/evidence/"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def scan(width: int = 300) -> bytes:
    return picture(width, 200)


def test_a_person_uploads_once_and_takes_back_after_a_question(world: ExamWorld) -> None:
    person = make_candidate(world.enterprise)
    client = browser(person.user)
    assert "还没有上传" in text(client, "/person/profile/")
    answer = client.post(PAGE, {"kind": "education", "scan": upload(scan(), "毕业证䶮.jpg")}, follow=True)
    assert "毕业证䶮.jpg" in answer.content.decode()
    client.post(PAGE, {"kind": "education", "scan": upload(scan(), "又一次.jpg")})
    kept = Evidence.objects.get()
    assert evidence_kinds_of([person.pk]) == {person.pk: {"education"}}
    file = client.get(f"{PAGE}{kept.pk}/")
    assert b"".join(file.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]
    assert (file["Content-Disposition"].startswith("attachment"), file["X-Content-Type-Options"]) == (True, "nosniff")
    assert "审核部门仍然可以打开" in text(client, f"{PAGE}{kept.pk}/remove/")
    client.post(f"{PAGE}{kept.pk}/remove/")
    assert (evidence_of(person.pk), Evidence.objects.count()) == ([], 1)
    assert client.get(f"{PAGE}{kept.pk}/").status_code == 404
    assert client.post(f"{PAGE}{kept.pk}/remove/").status_code == 404
    acts = AuditEntry.objects.filter(action__startswith="exam_evidence").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == ["exam_evidence.add", "exam_evidence.remove"]


def test_what_is_no_scan_is_refused_at_its_field(world: ExamWorld) -> None:
    client = browser(make_candidate(world.enterprise).user)
    for sent, said in (
        ({"kind": "title"}, "请选择要上传的文件"),
        ({"kind": "x", "scan": upload(scan())}, "请从列表中选择材料"),
        ({"kind": "title", "scan": upload(b"MZ\x90\x00" + bytes(500), "职称.jpg")}, "请上传"),
        ({"kind": "title", "scan": upload(b"", "空.pdf")}, "空"),
    ):
        answer = client.post(PAGE, sent)
        assert answer.status_code == 400
        assert said in answer.content.decode()
    assert not Evidence.objects.exists()


def test_nobody_fills_the_store_and_nobody_else_writes(world: ExamWorld) -> None:
    person = make_candidate(world.enterprise)
    client = browser(person.user)
    for number in range(MOST):
        add_evidence(kind="experience", upload=check_upload(upload(scan(300 + number))), actor=actor(person.user))
    answer = client.post(PAGE, {"kind": "experience", "scan": upload(scan(200))})
    assert (answer.status_code, f"最多 {MOST} 份" in answer.content.decode()) == (409, True)
    kept = Evidence.objects.order_by("pk")[0]
    stranger = make_person()
    assert browser(stranger.user).get(f"{PAGE}{kept.pk}/").status_code == 404
    assert browser(stranger.user).post(f"{PAGE}{kept.pk}/remove/").status_code == 404
    for by in (actor(stranger.user), world.filer, world.province.municipal_actor):
        with pytest.raises(Refused):
            remove_evidence(kept.pk, actor=by)
    with pytest.raises(Refused):
        add_evidence(kind="title", upload=check_upload(upload(scan())), actor=world.filer)


def test_the_office_of_an_entry_opens_it_and_others_do_not(world: ExamWorld) -> None:
    (entry,) = world.entered()
    own = actor(entry.person.user)
    kept = add_evidence(kind="education", upload=check_upload(upload(scan())), actor=own, now=NOW)
    address = f"/office/exams/evidence/{kept.pk}/"
    for user, status in (
        (world.province.reviewer, 200),
        (world.province.decider, 200),
        (world.organiser, 200),
        (world.province.stranger, 404),
        (world.operator, 403),
        (entry.person.user, 403),
    ):
        assert browser(user).get(address).status_code == status, user
    assert AuditEntry.objects.filter(action="exam_evidence.view").count() == 3


def test_what_is_replaced_stays_for_the_entry_that_was_made_with_it(world: ExamWorld) -> None:
    (entry,) = world.entered()
    person = entry.person
    first = add_evidence(
        kind="education", upload=check_upload(upload(scan())), actor=actor(person.user), now=NOW - timedelta(days=9)
    )
    remove_evidence(first.pk, actor=actor(person.user), now=NOW + timedelta(hours=1))
    second = add_evidence(
        kind="education", upload=check_upload(upload(scan(400))), actor=actor(person.user), now=NOW + timedelta(hours=1)
    )
    assert evidence_of(person.pk) == [second]
    assert evidence_of_entry(entry) == [first, second]
    reviewer = browser(world.province.reviewer)
    assert reviewer.get(f"/office/exams/evidence/{first.pk}/").status_code == 200
    page = text(reviewer, f"/office/exams/entries/{entry.pk}/")
    for one in (first, second):
        assert f'href="/office/exams/evidence/{one.pk}/"' in page, "the reviewer opens it from the entry"
    assert page.count("本人已撤下") == 1
    assert page.count("没有上传</span>") == 2, "what lacks is said for each kind"
    ExamEntry.objects.filter(pk=entry.pk).update(entered_at=NOW + timedelta(hours=2))
    entry.refresh_from_db()
    assert evidence_of_entry(entry) == [second]
    assert reviewer.get(f"/office/exams/evidence/{first.pk}/").status_code == 404
