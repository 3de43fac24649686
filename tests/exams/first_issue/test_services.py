"""The cases of first issue that follow from results: opened once, whatever happens to the jobs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from administration.models import Message
from common.findings import Level
from exams.enums import EntryState
from exams.first_issue.services import open_first_issues, open_missing, stop_moved
from exams.results.services import Result, record_results
from tests.clock import Clock
from tests.concurrency import at_once
from tests.exams.exam_world import AFTER, ExamWorld
from tests.factories import actor, make_certificate
from tests.workflow.browsing import browser, words
from workflow.enums import Action
from workflow.models import Application
from workflow.selectors.content import Judged
from workflow.services.acting import act, act_many

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


def test_cases_are_opened_once_however_often_they_are_asked_for(world: ExamWorld) -> None:
    entry = world.passed()
    assert open_missing(now=AFTER) == 1
    assert (open_first_issues([entry.pk], now=AFTER), open_missing(now=AFTER)) == (0, 0)
    assert Application.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_open_each_case_once() -> None:
    world = ExamWorld()
    ids = [world.passed().pk for _ in range(4)]
    outcomes = at_once([partial(open_first_issues, ids, now=AFTER), partial(open_first_issues, ids[::-1], now=AFTER)])
    assert sorted(outcomes, key=str) == [0, 4]
    assert Application.objects.count() == 4


def test_opening_takes_the_same_queries_for_one_and_ten(
    world: ExamWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    counts = []
    for number in (1, 10):
        ids = [world.passed().pk for _ in range(number)]

        def open_them(ids: list[int] = ids) -> None:
            assert open_first_issues(ids, now=AFTER) == len(ids)

        counts.append(count_queries(open_them))
    assert counts[0] == counts[1]


def test_a_correction_ends_the_first_issue_and_the_next_pass_opens_another(world: ExamWorld) -> None:
    entry = world.passed()
    open_missing(now=AFTER)
    failed = Result(entry.pk, EntryState.FAILED, 30, reason="登分时串了行")
    assert record_results([failed], by=actor(world.organiser), now=AFTER).changed == [entry.pk]
    ended = Application.objects.get()
    assert (ended.status, ended.close_reason, ended.is_open) == ("closed", "overtaken", False)
    box = world.province.provincial.mailbox_id
    assert Message.objects.filter(mailbox=box, title="更正成绩，1 件首次发证终止办理").exists()
    passed = Result(entry.pk, EntryState.PASSED, 90, reason="复核后仍为原成绩")
    record_results([passed], by=actor(world.organiser), now=AFTER)
    assert open_missing(now=AFTER) == 1
    entry.refresh_from_db()
    assert entry.application_id not in (None, ended.pk)


def test_another_score_that_still_passes_leaves_the_first_issue_open(world: ExamWorld) -> None:
    entry = world.passed()
    open_missing(now=AFTER)
    higher = Result(entry.pk, EntryState.PASSED, 95, reason="漏加一题的分")
    assert record_results([higher], by=actor(world.organiser), now=AFTER).changed == [entry.pk]
    entry.refresh_from_db()
    assert (Application.objects.get().is_open, entry.application_id) == (True, Application.objects.get().pk)


def test_a_result_is_corrected_after_the_first_issue_was_rejected(world: ExamWorld) -> None:
    entry = world.passed()
    open_missing(now=AFTER)
    failed = Result(entry.pk, EntryState.FAILED, 30, reason="登分时串了行")
    act(
        Application.objects.get().pk,
        action=Action.REJECT,
        actor=world.province.provincial_actor,
        comment="成绩有误",
        now=AFTER,
    )
    assert record_results([failed], by=actor(world.organiser), now=AFTER).changed == [entry.pk]


def test_cheating_found_after_the_pass_keeps_the_certificate_from_being_issued_twice(world: ExamWorld) -> None:
    entry = world.passed()
    open_missing(now=AFTER)
    act(Application.objects.get().pk, action=Action.APPROVE, actor=world.province.provincial_actor, now=AFTER)
    cheated = Result(entry.pk, EntryState.CHEATED, remark="替考", reason="事后查实")
    recorded = record_results([cheated], by=actor(world.organiser), now=AFTER)
    assert recorded.refused[entry.pk][0].code == "exam.issued"


def test_a_holder_of_c1_who_passes_c2_is_led_to_the_merge(world: ExamWorld) -> None:
    entry, other = world.passed(), world.passed()
    held = make_certificate(entry.person, world.enterprise, "C1")
    open_missing(now=AFTER)
    application = Application.objects.get(person=entry.person)
    (advice,) = [one for one in Judged(application).findings if one.code == "first_issue.merge"]
    assert (advice.level, advice.cure and advice.cure.business) == (Level.ADVISORY, "c3_merge")
    assert "合并为C3证" in words(browser(world.province.decider).get(f"/office/applications/{application.number}/"))
    ids = list(Application.objects.values_list("pk", flat=True))
    assert not act_many(ids, action=Action.APPROVE, actor=world.province.provincial_actor, now=AFTER).refused
    (told,) = Message.objects.filter(title__contains="请办理合并")
    assert (told.mailbox_id, told.link) == (
        entry.person.mailbox_id,
        f"/applications/new/c3_merge/?certificate={held.pk}",
    )
    assert browser(entry.person.user).get(told.link).status_code == 200
    assert not Message.objects.filter(mailbox=other.person.mailbox_id, title__contains="合并").exists()


def test_the_clerk_reads_once_whose_first_issues_stop_and_why(world: ExamWorld) -> None:
    passed = [world.passed() for _ in range(3)]
    for entry in passed[:2]:
        entry.person.employments.update(ended_at=AFTER, end_reason="by_enterprise")
    Message.objects.all().delete()
    open_missing(now=AFTER)
    (told,) = Message.objects.filter(mailbox=world.enterprise.mailbox_id)
    assert told.title == "2 人的首次发证已暂停，等待本人处理"
    assert "现在没有登记聘用关系" in told.body
    passed[2].person.employments.update(ended_at=AFTER, end_reason="by_enterprise")
    assert stop_moved([passed[2].person_id], now=AFTER) == 1
    last = Message.objects.filter(mailbox=world.enterprise.mailbox_id).latest("pk")
    assert last.title.startswith("1 人的首次发证已暂停")
    assert "发证已暂停" in last.body
