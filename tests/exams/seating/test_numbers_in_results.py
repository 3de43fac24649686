"""An assigned candidate number stands in the file of results, and a file with another one is refused."""

from __future__ import annotations

import pytest

from administration.imports.services import run_import
from exams.enums import EntryState
from exams.models import ExamEntry, ExamSeat
from exams.results.importing import KIND
from exams.seating.services import assign_seats
from tests.clock import Clock
from tests.exams.exam_world import AFTER, NOW, ExamWorld
from tests.factories import actor

from .seat_world import add_session, admit

pytestmark = pytest.mark.django_db


def csv_of(entry: ExamEntry, number: str) -> bytes:
    titles = "准考证号,姓名,身份证号,考试批次,证书类别,成绩"
    row = f"{number},{entry.person.name},{entry.person.id_number},{entry.batch.name},{entry.category},80"
    return f"{titles}\n{row}\n".encode()


def test_the_assigned_number_is_the_one_that_counts(world: ExamWorld, clock: Clock) -> None:
    clock.stop_at(NOW)
    add_session(world, 4)
    (entry,) = admit(world, 1)
    assign_seats(world.batch.pk, by=actor(world.organiser), now=NOW)
    clock.stop_at(AFTER)
    number = ExamSeat.objects.get().candidate_number
    other = run_import(KIND, csv_of(entry, "88888888"), "成绩.csv")
    assert [one.sentence.partition("、")[0] for one in other.run.problems.all()] == ["准考证号"]
    entry.refresh_from_db()
    assert (entry.state, entry.ticket_number) == (EntryState.APPROVED, number)
    right = run_import(KIND, csv_of(entry, number), "成绩.csv")
    assert list(right.run.problems.all()) == []
    entry.refresh_from_db()
    assert (entry.state, entry.ticket_number) == (EntryState.PASSED, number)
