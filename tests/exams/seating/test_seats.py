"""Seats are given once, keep people of one enterprise apart, and never make somebody sit two exams at once."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from administration.models import AuditEntry, Message
from common.findings import Refused
from exams.batches.services import call_off_batch
from exams.enums import BatchStatus, EntryState
from exams.models import ExamEntry, ExamSeat, SessionRoom
from exams.seating.selectors import rooms_with_seats, waiting_by_category
from exams.seating.services import Assigned, assign_seats
from exams.sign_up.places import release_seats
from exams.sign_up.services import withdraw_entry
from tests.exams.exam_world import AFTER, NOW, ExamWorld, make_batch, make_entry
from tests.factories import actor, make_enterprise, make_person

from .seat_world import LENGTH, STARTS, add_session, admit, live_seats


def assign(world: ExamWorld) -> Assigned:
    return assign_seats(world.batch.pk, by=actor(world.organiser), now=NOW)


def test_everybody_admitted_gets_one_seat_and_number(world: ExamWorld) -> None:
    add_session(world, 4, 6)
    admit(world, 8, enterprises=4)
    admit(world, 1, state=EntryState.ENTERED)
    result = assign(world)
    assert result.findings == []
    seats = live_seats(world)
    assert [(seat.session_room.number, seat.number) for seat in seats] == [
        *((1, number) for number in range(1, 5)),
        *((2, number) for number in range(1, 5)),
    ]
    assert [seat.candidate_number for seat in seats] == [
        f"2026{world.batch.pk:04d}{serial:05d}" for serial in range(1, 9)
    ]
    assert all(seat.entry.ticket_number == seat.candidate_number for seat in seats)
    assert all(re.fullmatch(r"[\w-]{22}", seat.code) for seat in seats)
    assert len({seat.code for seat in seats}) == 8


def test_colleagues_do_not_sit_side_by_side_where_it_can_be_avoided(world: ExamWorld) -> None:
    add_session(world, 40)
    admit(world, 20, enterprises=1)
    admit(world, 20, enterprises=5)
    assign(world)
    firms = [seat.entry.enterprise_id for seat in live_seats(world)]
    assert all(one != other for one, other in pairwise(firms))


def test_later_admitted_people_are_added_and_nobody_moves(world: ExamWorld) -> None:
    add_session(world, 10)
    admit(world, 4, enterprises=2)
    assign(world)
    before = [(seat.pk, seat.number, seat.code) for seat in live_seats(world)]
    late = admit(world, 2)
    assign(world)
    after = live_seats(world)
    assert [(seat.pk, seat.number, seat.code) for seat in after][:4] == before
    assert {seat.entry_id for seat in after[4:]} == {entry.pk for entry in late}
    assert assign(world).seats == []
    assert len(live_seats(world)) == 6


def test_a_withdrawn_candidate_frees_the_seat_and_its_number_is_never_given_again(world: ExamWorld) -> None:
    add_session(world, 2)
    first, _ = world.approved(2)
    assign(world)
    gone = ExamSeat.objects.get(entry=first)
    withdraw_entry(first.pk, actor=world.filer, now=NOW)
    gone.refresh_from_db()
    assert gone.released_at is not None
    (late,) = world.approved(1)
    assign(world)
    seat = ExamSeat.objects.get(entry=late)
    assert (seat.session_room_id, seat.number) == (gone.session_room_id, gone.number)
    assert seat.candidate_number.endswith("00003")
    assert seat.code != gone.code


def test_somebody_who_gets_another_seat_keeps_the_number(world: ExamWorld) -> None:

    add_session(world, 2)
    (entry,) = world.approved()
    assign(world)
    (before,) = live_seats(world)
    assert release_seats(session_room_ids=[before.session_room_id]) == 1
    assign(world)
    (after,) = live_seats(world)
    assert after.entry_id == entry.pk
    assert after.candidate_number == before.candidate_number
    assert after.code != before.code


def test_lacking_seats_are_counted_and_the_rooms_with_unused_ones_named(world: ExamWorld) -> None:
    session = add_session(world, 5)
    SessionRoom.objects.filter(session=session).update(seats=3)
    admit(world, 5, enterprises=5)
    result = assign(world)
    assert len(result.seats) == 3
    (finding,) = result.findings
    assert finding.message == "还缺 2 个座位"
    assert "C2证 2 人" in finding.detail
    assert "第1场第1考场（3号楼101" in finding.detail
    assert "可以再用 2 个座位" in finding.detail
    SessionRoom.objects.filter(session=session).update(seats=5)
    assert assign(world).findings == []
    assert len(live_seats(world)) == 5


def test_categories_are_respected_and_narrow_sessions_are_filled_first(world: ExamWorld) -> None:
    add_session(world, 3)
    add_session(world, 3, starts=STARTS + timedelta(hours=4), categories=["C2"])
    admit(world, 3, enterprises=3)
    admit(world, 3, enterprises=3, category="A", post="01")
    assert assign(world).findings == []
    by_session = {(seat.session_room.session.number, seat.entry.category) for seat in live_seats(world)}
    assert by_session == {(1, "A"), (2, "C2")}


def test_two_categories_of_one_person_go_to_different_sessions(world: ExamWorld) -> None:
    add_session(world, 4)
    person, firm = make_person("身兼两类"), make_enterprise()
    make_entry(person, firm, world.batch)
    make_entry(person, firm, world.batch, category="C1")
    result = assign(world)
    assert len(result.seats) == 1
    assert "身兼两类" in result.findings[0].detail
    add_session(world, 4, starts=STARTS + timedelta(hours=4))
    assert assign(world).findings == []
    assert {seat.session_room.session.number for seat in live_seats(world)} == {1, 2}


def test_an_exam_elsewhere_at_the_same_time_is_seen(world: ExamWorld) -> None:
    other = make_batch(organiser=world.organiser_office)
    add_session(world, 4)
    add_session(world, 4, batch=other, starts=STARTS + timedelta(minutes=30))
    person, firm = make_person("两地考"), make_enterprise()
    make_entry(person, firm, world.batch)
    make_entry(person, firm, other, category="C1")
    assert assign(world).findings == []
    elsewhere = assign_seats(other.pk, by=actor(world.organiser), now=NOW)
    assert elsewhere.seats == []
    assert elsewhere.findings[0].code == "exam.clash"


def test_the_times_of_a_seat_follow_its_room_and_the_database_refuses_two_exams_at_once(world: ExamWorld) -> None:
    first = add_session(world, 4)
    later = add_session(world, 4, starts=STARTS + timedelta(hours=4))
    person, firm = make_person(), make_enterprise()
    make_entry(person, firm, world.batch)
    make_entry(person, firm, world.batch, category="C1")
    assign(world)
    moved = STARTS + timedelta(hours=8)
    SessionRoom.objects.filter(session=later).update(starts_at=moved, ends_at=moved + LENGTH)
    assert {seat.starts_at for seat in live_seats(world)} == {STARTS, moved}
    with pytest.raises(IntegrityError, match="one_person_in_one_exam_at_a_time"), transaction.atomic():
        SessionRoom.objects.filter(session=first).update(starts_at=moved, ends_at=moved + LENGTH)


def test_a_number_is_never_that_of_another_entry(world: ExamWorld) -> None:
    add_session(world, 4)
    admit(world, 2)
    assign(world)
    one, other = live_seats(world)
    ExamSeat.objects.filter(pk=one.pk).update(released_at=NOW)
    with pytest.raises(IntegrityError, match="candidate_number_of_one_entry"), transaction.atomic():
        ExamSeat.objects.filter(pk=other.pk).update(candidate_number=one.candidate_number)


def test_seats_that_are_lost_with_a_room_are_given_anew(world: ExamWorld) -> None:
    session = add_session(world, 3, 3)
    admit(world, 5, enterprises=5)
    assign(world)
    numbers = {seat.entry_id: seat.candidate_number for seat in live_seats(world)}
    second = SessionRoom.objects.get(session=session, number=2)
    SessionRoom.objects.filter(pk=second.pk).update(released_at=NOW)
    SessionRoom.objects.filter(session=session, number=1).update(seats=2)
    assert waiting_by_category(world.batch) == [("C2", 3)]
    assert [room.seated for room in rooms_with_seats(world.batch)] == [2]
    add_session(world, 5, starts=STARTS + timedelta(hours=4))
    result = assign(world)
    assert (len(result.seats), result.findings) == (3, [])
    seats = live_seats(world)
    assert {seat.entry_id: seat.candidate_number for seat in seats} == numbers
    assert [seat.session_room.session.number for seat in seats] == [1, 1, 2, 2, 2]


def test_calling_off_frees_the_seats(world: ExamWorld) -> None:
    add_session(world, 4)
    admit(world, 2)
    assign(world)
    call_off_batch(world.batch.pk, reason="场地停用", by=actor(world.province.decider), now=NOW)
    assert live_seats(world) == []
    with pytest.raises(Refused, match="已取消"):
        assign(world)


def test_only_the_organiser_and_only_before_the_session(world: ExamWorld) -> None:
    admit(world, 2)
    assert assign(world).findings[0].code == "exam.no_rooms"
    add_session(world, 4)
    with pytest.raises(Refused, match="承办的考试机构"):
        assign_seats(world.batch.pk, by=world.filer, now=NOW)
    late = assign_seats(world.batch.pk, by=actor(world.organiser), now=AFTER)
    assert late.findings[0].code == "exam.no_rooms"
    type(world.batch).objects.filter(pk=world.batch.pk).update(status=BatchStatus.DRAFT, announced_at=None)
    with pytest.raises(Refused, match="未公布"):
        assign(world)


def test_each_person_is_told_and_each_enterprise_once(world: ExamWorld) -> None:
    add_session(world, 10)
    entries = admit(world, 6, enterprises=2)
    assign(world)
    told = Message.objects.filter(title__contains="座位已编排")
    people = {ExamEntry.objects.get(pk=entry.pk).person.mailbox_id for entry in entries}
    assert {message.mailbox_id for message in told.exclude(title__startswith="3 人")} == people
    assert told.filter(title__startswith="3 人").count() == 2
    assert "第1考场" in told.exclude(title__startswith="3 人")[0].body
    audit = AuditEntry.objects.get(action="exam_seat.assign")
    assert audit.detail["count"] == 6
