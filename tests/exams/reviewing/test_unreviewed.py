"""Who was not admitted before the exam is never absent from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from administration.models import AuditEntry, Message
from administration.nightly import run_nightly
from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry
from exams.results.services import Result, record_results
from exams.reviewing.services import approve_entries, refuse_entries
from exams.reviewing.unreviewed import end_unreviewed
from tests.clock import Clock
from tests.exams.exam_world import AFTER, NOW, ExamWorld, make_batch, make_candidate, make_entry
from tests.factories import actor
from tests.workflow.browsing import browser, words
from workflow.models import Bar

pytestmark = pytest.mark.django_db
LAST_EVENING = datetime.fromisoformat("2026-12-11T22:00:00+08:00")
EXAM_MORNING = datetime.fromisoformat("2026-12-12T00:20:00+08:00")


def test_nobody_is_admitted_from_the_exam_day_on(world: ExamWorld, clock: Clock) -> None:
    first, second, third = world.entered(3)
    reviewer = actor(world.province.reviewer)
    assert approve_entries([first.pk], actor=reviewer, now=LAST_EVENING).done == [first.pk]
    late = approve_entries([second.pk], actor=reviewer, now=EXAM_MORNING)
    assert "考试已经开始，不能再审核通过" in late.refused[second.pk][0].message
    # What the enterprise should know may still be said.
    assert refuse_entries([third.pk], comment="社保不在本企业", actor=reviewer, now=EXAM_MORNING).done == [third.pk]
    clock.stop_at(AFTER)
    page = browser(world.province.reviewer).post("/office/exams/review/", {"action": "approve", "picked": [second.pk]})
    assert "考试已经开始，不能再审核通过" in words(page)
    second.refresh_from_db()
    assert second.state == EntryState.ENTERED


def test_unreviewed_entries_end_at_night_without_a_bar(world: ExamWorld, clock: Clock) -> None:
    entries = world.entered(3)
    approve_entries([entries[2].pk], actor=actor(world.province.reviewer), now=NOW)
    coming = make_batch(exam_from=AFTER.date() + timedelta(days=30), exam_to=AFTER.date() + timedelta(days=30))
    later = make_entry(make_candidate(world.enterprise), world.enterprise, coming, state=EntryState.ENTERED)
    Message.objects.all().delete()
    clock.stop_at(LAST_EVENING)
    assert run_nightly("unreviewed_entries").counts == {"ended": 0}  # type: ignore[union-attr]
    clock.stop_at(EXAM_MORNING)
    assert run_nightly("unreviewed_entries").counts == {"ended": 2}  # type: ignore[union-attr]
    assert end_unreviewed(now=EXAM_MORNING) == 0
    states = dict(ExamEntry.objects.values_list("pk", "state"))
    assert [states[one.pk] for one in (*entries, later)] == ["withdrawn", "withdrawn", "approved", "entered"]
    assert ExamBatch.objects.get(pk=world.batch.pk).taken == 1
    assert not Bar.objects.exists()
    assert AuditEntry.objects.filter(action="exam_entry.unreviewed").count() == 2
    assert "不算缺考，不影响以后报名" in Message.objects.get(mailbox=entries[0].person.mailbox_id).body
    # The enterprise and the office read one summary each.
    (to_enterprise,) = Message.objects.filter(mailbox=world.enterprise.mailbox_id)
    assert to_enterprise.title == "2 人的报名已终止"
    assert Message.objects.filter(mailbox=world.province.municipal.mailbox_id).count() == 1


def test_many_take_the_statements_of_one(
    world: ExamWorld, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    costs = []
    for number in (1, 5):
        world.entered(number)
        costs.append(count_queries(lambda: end_unreviewed(now=EXAM_MORNING)))
    assert costs[0] == costs[1]


def test_whoever_was_admitted_too_late_is_not_absent_without_cause(world: ExamWorld) -> None:
    """As an entry of an earlier version can be, which was approved after the exam."""
    (entry,) = world.approved()
    ExamEntry.objects.filter(pk=entry.pk).update(reviewed_at=AFTER - timedelta(hours=1))
    organiser = actor(world.organiser)
    absent = record_results([Result(entry.pk, EntryState.ABSENT)], by=organiser, now=AFTER)
    assert "考试开始以后才审核通过" in absent.refused[entry.pk][0].detail
    assert not Bar.objects.exists()
    excused = Result(entry.pk, EntryState.EXCUSED, remark="报名审核过迟")
    assert record_results([excused], by=organiser, now=AFTER).done == [entry.pk]
    assert not Bar.objects.exists()
