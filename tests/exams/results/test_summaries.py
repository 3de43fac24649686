"""An enterprise hears of the results of a batch in one message a day, also where they are recorded one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from administration.messages.services import mark_read
from administration.models import Message
from exams.enums import EntryState
from exams.models import ExamEntry
from exams.results.services import Result, record_results
from tests.clock import Clock
from tests.exams.exam_world import AFTER, ExamWorld, make_batch, make_candidate, make_entry
from tests.factories import actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(AFTER)


def record(world: ExamWorld, clock: Clock, minutes: int, entry: ExamEntry, state: EntryState, score: int = 0) -> None:
    now = AFTER + timedelta(minutes=minutes)
    clock.stop_at(now)
    result = Result(entry.pk, state, score or None, reason="登分有误" if minutes > 50 else "")  # type: ignore[arg-type]
    recorded = record_results([result], by=actor(world.organiser), now=now)
    assert recorded.done, recorded.refused


def heard(world: ExamWorld) -> list[Message]:
    return list(
        Message.objects.filter(mailbox=world.enterprise.mailbox_id, title__startswith="考试结果：").order_by("pk")
    )


def test_results_recorded_one_by_one_come_in_one_message(world: ExamWorld, clock: Clock) -> None:
    first, second, third = world.approved(3)
    record(world, clock, 0, first, EntryState.PASSED, 88)
    record(world, clock, 5, second, EntryState.FAILED, 40)
    record(world, clock, 10, third, EntryState.PASSED, 75)
    (message,) = heard(world)
    assert message.title == f"考试结果：{world.batch.name}，3 人"
    for said in ("合格 2 人", "不合格 1 人", "知识考核 88", "知识考核 40", "知识考核 75"):
        assert said in message.body, said
    # Each person still hears of the own result at once.
    assert Message.objects.filter(mailbox=first.person.mailbox_id, title__startswith="考试结果：").count() == 1


def test_what_was_read_is_not_said_again(world: ExamWorld, clock: Clock) -> None:
    first, second, third = world.approved(3)
    record(world, clock, 0, first, EntryState.PASSED, 88)
    assert world.enterprise.mailbox_id is not None
    mark_read(world.enterprise.mailbox_id, now=AFTER + timedelta(minutes=1))
    record(world, clock, 5, second, EntryState.FAILED, 40)
    record(world, clock, 10, third, EntryState.FAILED, 41)
    read, unread = heard(world)
    assert (read.read_at is None, read.title.endswith("1 人")) == (False, True)
    assert unread.title.endswith("2 人")
    assert "88" not in unread.body


def test_a_correction_replaces_what_nobody_has_read(world: ExamWorld, clock: Clock) -> None:
    (entry,) = world.approved()
    record(world, clock, 0, entry, EntryState.FAILED, 40)
    record(world, clock, 55, entry, EntryState.PASSED, 60)
    (message,) = heard(world)
    assert message.title.endswith("1 人")
    assert "不合格" in message.body  # what it was
    assert "合格 1 人" in message.body


def test_another_batch_and_another_day_are_other_messages(world: ExamWorld, clock: Clock) -> None:
    first, later = world.approved(2)
    other = make_entry(
        make_candidate(world.enterprise),
        world.enterprise,
        make_batch(organiser=world.organiser_office),
        office=world.province.municipal,
    )
    record(world, clock, 0, first, EntryState.PASSED, 88)
    record(world, clock, 5, other, EntryState.PASSED, 77)
    assert len(heard(world)) == 2
    tomorrow = AFTER + timedelta(days=1)
    clock.stop_at(tomorrow)
    record_results([Result(later.pk, EntryState.ABSENT)], by=actor(world.organiser), now=tomorrow)
    assert [message.title[-3:] for message in heard(world)] == ["1 人"] * 3
