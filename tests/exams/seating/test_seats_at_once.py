"""Twenty workers assign the seats of one batch at the same moment, and two batches seat one person."""

from __future__ import annotations

from functools import partial

import pytest

from common.findings import Refused
from exams.models import ExamSeat
from exams.seating.services import assign_seats
from tests.concurrency import at_once
from tests.exams.exam_world import NOW, ExamWorld, make_batch, make_entry
from tests.factories import actor, make_enterprise, make_person

from .seat_world import add_session, admit, live_seats

pytestmark = pytest.mark.django_db(transaction=True)


def test_twenty_workers_never_give_a_seat_or_a_number_twice() -> None:
    world = ExamWorld()
    add_session(world, 15, 20)
    admit(world, 30, enterprises=3)
    by = actor(world.organiser)
    outcomes = at_once([partial(assign_seats, world.batch.pk, by=by, now=NOW)] * 20)
    errors = [one for one in outcomes if isinstance(one, Exception)]
    assert errors == []
    assert sorted(len(one.seats) for one in outcomes) == [0] * 19 + [30]
    seats = live_seats(world)
    assert len({(seat.session_room_id, seat.number) for seat in seats}) == 30
    assert len({seat.candidate_number for seat in seats}) == 30
    assert len({seat.entry_id for seat in seats}) == 30


def test_two_batches_that_seat_one_person_at_the_same_time_leave_one_seat() -> None:
    world = ExamWorld()
    for _ in range(5):
        batches = [make_batch(organiser=world.organiser_office) for _ in range(2)]
        person, firm = make_person("两地考"), make_enterprise()
        for batch, category in zip(batches, ("C1", "C2"), strict=True):
            add_session(world, 3, batch=batch)
            make_entry(person, firm, batch, category=category)
        by = actor(world.organiser)
        outcomes = at_once([partial(assign_seats, batch.pk, by=by, now=NOW) for batch in batches])
        errors = [one for one in outcomes if isinstance(one, Exception)]
        assert all(isinstance(one, Refused) for one in errors), errors
        assert ExamSeat.objects.filter(person=person, released_at__isnull=True).count() == 1
