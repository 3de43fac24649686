"""The pages of exams: what each reader sees and may do, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from exams.batches.services import call_off_batch
from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry
from exams.results.services import Result, record_results
from tests.clock import Clock
from tests.exams.exam_world import NOW, ExamWorld, make_batch, make_candidate, make_entry, text
from tests.factories import actor, make_enterprise, make_operator, make_person
from tests.workflow.browsing import browser, words
from workflow.models import Application

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


# --- the enterprise ---


def test_an_enterprise_sees_the_batches_of_its_place_and_filters_by_type(world: ExamWorld) -> None:
    make_batch(name="九江批次", region_id="360400")
    make_batch(name="全省补考批次", region_id="360000", exam_type="resit")
    make_batch(name="草稿批次", status="draft", announced_at=None)
    client = browser(world.operator)
    page = text(client, "/enterprise/exams/")
    assert all(
        words in page for words in (world.batch.name, "全省补考批次", "正在报名", "安管人员考试报名", "报名情况")
    )
    assert "九江批次" not in page
    assert "草稿批次" not in page
    page = text(client, "/enterprise/exams/?exam_type=resit")
    assert "全省补考批次" in page
    assert world.batch.name not in page
    assert "没有符合条件的批次" in text(client, "/enterprise/exams/?exam_type=renewal")
    other = make_batch(region_id="360400")
    assert client.get(f"/enterprise/exams/{other.pk}/").status_code == 404


def test_the_sign_up_page_shows_every_reason_per_person_and_enters_the_ticked(world: ExamWorld) -> None:
    good, better = make_candidate(world.enterprise, "甲安全"), make_candidate(world.enterprise, "乙安全")
    make_candidate(world.enterprise, "丙无照", photo=False, education="", professional_title="")
    make_candidate(world.enterprise, "丁经理", "02")
    client = browser(world.operator)
    address = f"/enterprise/exams/{world.batch.pk}/?category=C2"
    page = text(client, address)
    for said in ("甲安全", "未上传个人证件照", "学历和职称都不符合要求", "满 2 年"):
        assert said in page, said
    assert "丁经理" not in page
    assert f'value="{good.pk}"' in page
    assert "/person/photo/" not in page  # a cure that only the person can reach
    ticked = {"picked": [good.pk, better.pk], f"post_{good.pk}": "08", f"post_{better.pk}": "08"}
    answer = client.post(address, ticked)
    assert answer.status_code == 400
    assert f'value="{good.pk}" aria-label="选择 甲安全" checked' in answer.content.decode()
    answer = client.post(address, {**ticked, "commitment": "on"}, follow=True)
    assert "2 人已报名" in answer.content.decode()
    assert ExamEntry.objects.filter(state="entered").count() == 2
    page = text(client, "/enterprise/exams/entries/")
    assert all(words in page for words in ("甲安全", "乙安全", "待审核", "取消报名", world.province.municipal.name))


def test_nobody_ticked_and_somebody_who_may_not_are_told(world: ExamWorld) -> None:
    good, bad = make_candidate(world.enterprise, "甲安全"), make_candidate(world.enterprise, "乙无照", photo=False)
    client = browser(world.operator)
    address = f"/enterprise/exams/{world.batch.pk}/?category=C2"
    answer = client.post(address, {"commitment": "on"})
    assert answer.status_code == 409
    assert "请先勾选" in answer.content.decode()
    # Ticked by hand, or no longer fit since the page was drawn.
    stranger = make_candidate(make_enterprise(), "外人")
    sent = {"commitment": "on", "picked": [good.pk, bad.pk, stranger.pk, "x", 10**30]}
    sent |= {f"post_{one.pk}": "08" for one in (good, bad, stranger)}
    page = client.post(address, sent).content.decode()
    assert all(
        words in page for words in ("已报名 1 人，未报名 2 人", "未上传个人证件照", "有 1 人不在本企业的人员名单中")
    )
    assert "外人" not in page
    assert ExamEntry.objects.get().person == good


def test_people_of_others_and_people_who_do_not_exist_are_answered_alike(world: ExamWorld) -> None:
    """Whatever is on record about a stranger: name, employer, certificates, bars."""
    own = make_candidate(world.enterprise, "乙无照", photo=False)
    there = make_enterprise("别家建筑有限公司")
    strangers = [make_candidate(there, "外人"), make_person("路人", photo=False)]
    client = browser(world.operator)
    address = f"/enterprise/exams/{world.batch.pk}/?category=C2"

    def answer(*picked: object) -> str:
        posts = {f"post_{pk}": "08" for pk in picked}
        page = client.post(address, {"commitment": "on", "picked": picked, **posts})
        assert page.status_code in (200, 409)
        return words(page)

    for stranger in strangers:
        assert answer(stranger.pk) == answer(999_999)
        assert answer(own.pk, stranger.pk) == answer(own.pk, 999_999)
        assert not any(said in answer(own.pk, stranger.pk) for said in (stranger.name, there.name))
    assert "有2人不在本企业的人员名单中" in answer(*(one.pk for one in strangers))
    assert not ExamEntry.objects.exists()


def test_too_many_ticked_at_once_are_told_so_and_none_is_done(world: ExamWorld) -> None:
    (entry,) = world.entered()
    picked = [entry.pk, *range(10_000, 10_200)]
    page = browser(world.province.reviewer).post("/office/exams/review/", {"action": "approve", "picked": picked})
    assert page.status_code == 400
    assert "一次最多办理 200 条。您勾选了 201 条" in page.content.decode()
    entry.refresh_from_db()
    assert entry.state == "entered"
    person = make_candidate(world.enterprise)
    address = f"/enterprise/exams/{world.batch.pk}/?category=C2"
    sent = {"commitment": "on", "picked": [person.pk, *range(10_000, 10_200)], f"post_{person.pk}": "08"}
    page = browser(world.operator).post(address, sent)
    assert page.status_code == 409
    assert "一次最多办理 200 条" in page.content.decode()
    assert not ExamEntry.objects.filter(person=person).exists()


def test_an_enterprise_takes_back_its_own_entries_only(world: ExamWorld) -> None:
    (entry,) = world.entered()
    stranger = browser(make_operator(make_enterprise()))
    assert stranger.post(f"/enterprise/exams/entries/{entry.pk}/withdraw/").status_code == 404
    answer = browser(world.operator).post(f"/enterprise/exams/entries/{entry.pk}/withdraw/", follow=True)
    assert "名额已退回" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.state == "withdrawn"


def test_lists_take_the_same_queries_for_one_and_many(
    world: ExamWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    pages = {
        "/enterprise/exams/": world.operator,
        "/enterprise/exams/entries/": world.operator,
        f"/enterprise/exams/{world.batch.pk}/?category=C2": world.operator,
        "/office/exams/": world.province.reviewer,
        "/office/exams/review/": world.province.reviewer,
        f"/office/exams/{world.batch.pk}/": world.province.decider,
    }
    clients = {address: browser(user) for address, user in pages.items()}
    counts: dict[str, list[int]] = {address: [] for address in pages}
    world.entered()
    text(clients["/office/exams/review/"], "/office/exams/review/")  # reads the calendar, which is kept from then on
    for number in (1, 6):
        world.entered(number)
        world.approved(number)
        make_batch()
        for address, client in clients.items():
            counts[address].append(count_queries(lambda client=client, address=address: text(client, address)))  # type: ignore[misc]
    assert {address: found for address, found in counts.items() if found[0] != found[1]} == {}


# --- the person ---


def test_a_person_sees_own_exams_on_the_home_page_too(world: ExamWorld) -> None:
    (entry,) = world.entered()
    client = browser(entry.person.user)
    assert world.batch.name in text(client, "/person/")
    page = text(client, "/person/exams/")
    assert all(words in page for words in (world.batch.name, "待审核", world.batch.site))
    assert "还没有考试报名" in text(browser(make_person().user), "/person/exams/")


def test_a_case_that_was_withdrawn_is_filed_again_by_the_person(
    world: ExamWorld, run_jobs: Callable[..., list[str]]
) -> None:
    batch = make_batch(
        sign_up_from=NOW.date() - timedelta(days=9), sign_up_to=NOW.date() - timedelta(days=5), exam_from=NOW.date()
    )
    person = make_candidate(world.enterprise)
    entry = make_entry(person, world.enterprise, batch)
    ExamBatch.objects.filter(pk=batch.pk).update(organiser=world.organiser_office)
    record_results([Result(entry.pk, EntryState.PASSED, 80)], by=actor(world.organiser), now=NOW)
    client = browser(person.user)
    waiting = text(client, "/person/exams/")
    assert "系统正在提交首次发证，不需要申请" in waiting
    assert "申请首次发证</a>" not in waiting
    run_jobs()
    first = Application.objects.get()
    client.post(f"/applications/{first.number}/withdraw/")
    page = text(client, "/person/exams/")
    assert "申请首次发证" in page
    start = f"/applications/new/first_issue/?entry={entry.pk}"
    assert "考试合格" in text(client, start)
    edit = client.post(start)["Location"]
    form = text(client, edit)
    assert f"证书签发在{world.enterprise.name}名下" in form
    answer = client.post(edit, {"post": "08", "commitment": "on", "submit": "1"}, follow=True)
    assert "已提交" in answer.content.decode()
    again = Application.objects.exclude(pk=first.pk).get()
    assert (again.status, again.desk, again.payload["entry"]) == ("in_review", "provincial", entry.pk)


def test_minor_m15_a_batch_called_off_lists_nobody_who_cannot_be_signed_up(world: ExamWorld) -> None:
    make_candidate(world.enterprise, "甲安全")
    client, address = browser(world.operator), f"/enterprise/exams/{world.batch.pk}/"
    assert "甲安全" in text(client, f"{address}?category=C2")
    call_off_batch(world.batch.pk, reason="考点停电", by=world.province.provincial_actor, now=NOW)
    page = text(client, f"{address}?category=C2")
    assert "甲安全" not in page
    for said in ("考点停电", "不计缺考，可以报名其他批次", f"/enterprise/exams/entries/?batch={world.batch.pk}"):
        assert said in page, said
