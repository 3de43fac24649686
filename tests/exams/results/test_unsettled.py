"""Exams that are over and have no result are counted for the organiser, and stand in nobody's way for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils.timezone import localdate

from administration.models import AuditEntry, ImportRun, Message
from administration.nightly import run_nightly
from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry
from exams.results.overdue import reopen_overdue
from exams.results.selectors import unsettled, unsettled_count
from exams.results.services import Result, record_results
from exams.sign_up.eligibility import Candidate
from exams.sign_up.services import sign_up
from tests.clock import Clock
from tests.exams.exam_world import AFTER, EXAM_DAY, ExamWorld, make_batch, make_candidate, make_entry
from tests.factories import actor
from tests.workflow.browsing import browser, words

pytestmark = pytest.mark.django_db
LAST_DAY = datetime.fromisoformat("2027-01-11T10:00:00+08:00")
"""Thirty days after the exam."""
FREE = LAST_DAY + timedelta(days=1)


def next_batch() -> ExamBatch:
    day = FREE.date() + timedelta(days=30)
    return make_batch(sign_up_from=AFTER.date(), sign_up_to=FREE.date(), exam_from=day, exam_to=day)


def test_after_the_days_for_the_result_one_may_be_signed_up_again(world: ExamWorld, clock: Clock) -> None:
    (entry,) = world.approved()
    later, again = next_batch(), [Candidate(entry.person_id, "C2", "08")]
    clock.stop_at(LAST_DAY)
    assert run_nightly("overdue_results").counts == {"reopened": 0}  # type: ignore[union-attr]
    refused = sign_up(later.pk, again, actor=world.filer, now=LAST_DAY).refused[again[0]]
    assert [(one.code, one.turn) for one in refused] == [("exam.without_result", "考试机构")]
    assert "2027年1月12日还没有成绩的，可以重新报名" in refused[0].detail
    clock.stop_at(FREE)
    Message.objects.all().delete()
    assert run_nightly("overdue_results").counts == {"reopened": 1}  # type: ignore[union-attr]
    assert reopen_overdue(now=FREE) == 0
    assert AuditEntry.objects.filter(action="exam_entry.reopen").count() == 1
    boxes = {entry.person.mailbox_id, world.enterprise.mailbox_id, world.organiser_office.mailbox_id}
    assert set(Message.objects.values_list("mailbox", flat=True)) == boxes
    assert list(sign_up(later.pk, again, actor=world.filer, now=FREE).entered) == again
    # The result of the former exam still counts when it comes.
    recorded = record_results([Result(entry.pk, EntryState.FAILED, 40)], by=actor(world.organiser), now=FREE)
    assert recorded.done == [entry.pk]


def test_a_result_keeps_the_entry_from_being_reopened(world: ExamWorld) -> None:
    first, second = world.approved(2)
    record_results([Result(first.pk, EntryState.FAILED, 40)], by=actor(world.organiser), now=AFTER)
    assert reopen_overdue(now=FREE) == 1
    reopened = dict(ExamEntry.objects.values_list("pk", "reopened_at"))
    assert (reopened[first.pk], reopened[second.pk]) == (None, FREE)


def test_thirty_reopened_take_the_queries_of_three(
    world: ExamWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    costs = []
    for number in (3, 30):
        world.approved(number)
        costs.append(count_queries(lambda number=number: reopen_overdue(now=FREE) == number))
    assert costs[0] == costs[1]


def test_the_organiser_sees_what_is_not_settled(world: ExamWorld, clock: Clock) -> None:
    world.approved(2)
    foreign = make_batch(name="别处的考试")
    make_entry(make_candidate(world.enterprise), world.enterprise, foreign)
    clock.stop_at(AFTER - timedelta(days=4))
    hall = browser(world.organiser)
    assert "考完的都有成绩" in words(hall.get("/office/exams/unsettled/"))
    clock.stop_at(AFTER)
    hall = browser(world.organiser)
    ImportRun.objects.create(
        kind="exam_results", file_name="第一考场.xlsx", state="previewed", office=world.organiser_office, by="考务员"
    )
    page = words(hall.get("/office/exams/unsettled/"))
    assert "考完没有成绩的2人" in page
    assert world.batch.name in page
    assert "第一考场.xlsx" in page
    assert "别处的考试" not in page
    home = words(hall.get("/office/"))
    assert "考完没有成绩2人" in home
    assert "成绩文件等待确认1份" in home
    assert unsettled_count(actor(world.organiser), localdate(AFTER), most=100) == 3
    assert unsettled_count(actor(world.province.decider), localdate(AFTER), most=100) == 0
    assert "考试有3件" in home, "the menu counts two people and a file"
    assert "2人考完没有成绩" in words(hall.get("/office/exams/"))
    decider = browser(world.province.decider)
    assert "别处的考试" in words(decider.get("/office/exams/unsettled/"))
    assert browser(world.province.reviewer).get("/office/exams/unsettled/").status_code == 403
    assert unsettled(actor(world.organiser), EXAM_DAY).count() == 0
    assert unsettled(actor(world.organiser), localdate(AFTER)).count() == 2
