"""Sessions of a batch with their rooms, as services write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from administration.models import Message
from common.findings import Refused
from exams.batches.services import call_off_batch
from exams.models import ExamSeat, ExamSession, SessionRoom
from exams.seating.services import assign_seats
from exams.sites.sessions.selectors import capacity_of, seats_in, sessions_of
from exams.sites.sessions.services import change_session, create_session, remove_session
from tests.clock import Clock
from tests.exams.exam_world import (
    AFTER,
    EXAM_DAY,
    NOW,
    ExamWorld,
    make_batch,
    make_candidate,
    make_entry,
    make_session,
    make_site,
    planned,
    rooms_in,
)
from tests.factories import actor, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_at(NOW)


def test_a_session_has_rooms_whose_times_are_its_own(world: ExamWorld) -> None:
    by, site = actor(world.organiser), make_site(world.organiser_office, 40, 42)
    one, two = rooms_in(site)
    session = create_session(
        world.batch.pk, planned(EXAM_DAY, "09:00", "10:30", {one.pk: 40, two.pk: 20}, "C1", "C2"), by=by, now=NOW
    )
    later = create_session(world.batch.pk, planned(EXAM_DAY, "10:30", "12:00", {one.pk: 30}), by=by, now=NOW)
    assert (session.number, later.number) == (1, 2)
    sessions = list(sessions_of(world.batch))
    assert seats_in(sessions) == 90
    assert {one.category: one.seats for one in capacity_of(world.batch, sessions)} == {
        "A": 30, "B": 30, "C1": 90, "C2": 90, "C3": 30,
    }  # fmt: skip
    change_session(session.pk, planned(EXAM_DAY, "13:00", "14:30", {two.pk: 42, one.pk: 10}, "C1"), by=by, now=NOW)
    rooms = list(SessionRoom.objects.filter(session=session).order_by("number"))
    session.refresh_from_db()
    assert [(room.room, room.number, room.seats) for room in rooms] == [(one, 1, 10), (two, 2, 42)]
    assert {(room.starts_at, room.ends_at) for room in rooms} == {(session.starts_at, session.ends_at)}
    change_session(session.pk, planned(EXAM_DAY, "13:00", "14:30", {two.pk: 42}), by=by, now=NOW)
    left = SessionRoom.objects.get(session=session, room=one)
    assert (left.number, left.released_at) == (1, NOW), "it is free for others, and its number is not given again"
    remove_session(later.pk, by=by, now=NOW)
    change_session(session.pk, planned(EXAM_DAY, "13:00", "14:30", {one.pk: 5}), by=by, now=NOW)
    assert list(SessionRoom.objects.filter(released_at=None).values_list("room", "number", "seats")) == [(one.pk, 1, 5)]


def test_a_plan_that_cannot_be_is_refused_with_every_reason_at_its_field(world: ExamWorld) -> None:
    by, site = actor(world.organiser), make_site(world.organiser_office, 40)
    (room,) = rooms_in(site)
    foreign = rooms_in(make_site(make_office("九江考试中心", kind="organiser", region="360400"), 30))[0]
    before = planned(NOW.date() - timedelta(days=1), "10:30", "09:00", {room.pk: 41, foreign.pk: 1}, "D")
    with pytest.raises(Refused) as caught:
        create_session(world.batch.pk, before, by=by, now=NOW)
    said = {str(finding.facts.get("field")): finding.message for finding in caught.value.findings}
    assert said.keys() == {"ends", "day", "categories", f"seats_{room.pk}", "None"}
    assert "不是本批次考试机构的" in str(caught.value)
    assert "不在考试日期内" in str(caught.value)
    with pytest.raises(Refused, match="至少选用一个房间"):
        create_session(world.batch.pk, planned(EXAM_DAY, "09:00", "10:30", {}), by=by, now=NOW)
    site.is_active = False
    site.save()
    with pytest.raises(Refused, match="已停用"):
        make_session(world.batch, site, by)


def test_only_the_organiser_of_the_batch_and_the_province_plan_it(world: ExamWorld) -> None:
    site = make_site(world.organiser_office, 40)
    foreign = make_batch()
    with pytest.raises(Refused, match="由承办该批次的考试机构安排"):
        make_session(foreign, site, actor(world.organiser))
    with pytest.raises(Refused, match="由承办该批次的考试机构安排"):
        make_session(world.batch, site, world.province.municipal_actor)
    assert make_session(world.batch, site, world.province.provincial_actor).number == 1
    assert make_session(foreign, make_site(world.province.provincial, 30), world.province.provincial_actor).pk


def test_a_room_has_one_exam_at_a_time(world: ExamWorld) -> None:
    by, site = actor(world.organiser), make_site(world.organiser_office, 40)
    (room,) = rooms_in(site)
    first = make_session(world.batch, site, by)
    other = make_batch(organiser=world.organiser_office)
    with pytest.raises(Refused, match="已有另一场考试") as caught:
        create_session(other.pk, planned(EXAM_DAY, "10:00", "11:00", {room.pk: 5}), by=by, now=NOW)
    assert caught.value.findings[0].facts["field"] == f"seats_{room.pk}"
    assert world.batch.name in caught.value.findings[0].detail
    after = create_session(other.pk, planned(EXAM_DAY, "10:30", "11:00", {room.pk: 5}), by=by, now=NOW)
    with pytest.raises(Refused, match="已有另一场考试"):
        change_session(first.pk, planned(EXAM_DAY, "10:00", "11:00", {room.pk: 5}), by=by, now=NOW)
    # The batch is called off: its room is free again, and what was planned is still told.
    call_off_batch(other.pk, reason="停电", by=world.province.provincial_actor, now=NOW)
    change_session(first.pk, planned(EXAM_DAY, "10:00", "11:00", {room.pk: 5}), by=by, now=NOW)
    assert SessionRoom.objects.get(session=after).released_at == NOW
    with pytest.raises(Refused, match="已取消"):
        remove_session(after.pk, by=by, now=NOW)


def test_what_has_begun_stays(world: ExamWorld) -> None:
    by, site = actor(world.organiser), make_site(world.organiser_office, 40)
    session = make_session(world.batch, site, by)
    with pytest.raises(Refused, match="已经开始"):
        remove_session(session.pk, by=by, now=AFTER)
    with pytest.raises(Refused, match="已经开始"):
        change_session(session.pk, planned(EXAM_DAY, "09:00", "10:30", {}), by=by, now=AFTER)
    assert ExamSession.objects.filter(pk=session.pk).exists()


def test_a_session_of_an_announced_batch_moves_with_its_seats_and_everybody_is_told(world: ExamWorld) -> None:
    by, site = actor(world.organiser), make_site(world.organiser_office, 2, 2)
    one, two = rooms_in(site)
    session = make_session(world.batch, site, by, "C2")
    people = world.approved(3)
    other = make_entry(make_candidate(world.enterprise), world.enterprise, world.batch, category="C1")
    assign_seats(world.batch.pk, by=by, now=NOW)
    before = Message.objects.count()
    afternoon = planned(EXAM_DAY, "14:00", "15:30", {one.pk: 2, two.pk: 2}, "C2")
    with pytest.raises(Refused, match="请写明变更的原因"):
        change_session(session.pk, afternoon, by=by, now=NOW)
    change_session(session.pk, afternoon, by=by, now=NOW, reason="上午停电")
    assert {seat.starts_at for seat in ExamSeat.objects.filter(released_at=None)} == {afternoon.starts_at}
    assert Message.objects.count() - before == 4, "three persons and their enterprise"
    assert not Message.objects.filter(mailbox=other.person.mailbox, title__startswith="考试安排有变").exists()
    told = Message.objects.get(mailbox=people[0].person.mailbox, title__startswith="考试安排有变")
    assert "2026年12月12日 14:00—15:30" in told.body
    assert "取消报名" in told.body
    world.batch.refresh_from_db()
    assert world.batch.moved_at == NOW
    # Silent: the time, the site and all who are seated stay.
    with pytest.raises(Refused, match="已编排到第 2 号座位"):
        change_session(session.pk, planned(EXAM_DAY, "14:00", "15:30", {one.pk: 1, two.pk: 2}, "C2"), by=by, now=NOW)
    with pytest.raises(Refused, match="编排过座位，不能删除"):
        remove_session(session.pk, by=by, now=NOW)


def test_seats_in_a_room_that_is_left_are_released(world: ExamWorld) -> None:
    by, site = actor(world.organiser), make_site(world.organiser_office, 2, 2)
    one, two = rooms_in(site)
    session = make_session(world.batch, site, by)
    world.approved(3)
    assign_seats(world.batch.pk, by=by, now=NOW)
    left = ExamSeat.objects.filter(session_room__room=one).count()
    only = planned(EXAM_DAY, "09:00", "10:30", {two.pk: 2})
    with pytest.raises(Refused, match="请写明变更的原因"):
        change_session(session.pk, only, by=by, now=NOW)
    change_session(session.pk, only, by=by, now=NOW, reason="101漏水")
    assert ExamSeat.objects.filter(released_at__isnull=False).count() == left > 0
    world.batch.refresh_from_db()
    assert world.batch.moved_at is None, "day and site are the same: nobody has a reason to leave"


def test_two_offices_plan_one_room_at_once(world: ExamWorld) -> None:
    """The constraint answers for a row that was written without the lock."""
    by, site = actor(world.organiser), make_site(world.organiser_office, 40)
    first = make_session(world.batch, site, by)
    other = make_batch(organiser=world.organiser_office)
    row = SessionRoom.objects.get(session=first)
    second = ExamSession.objects.create(batch=other, number=1, starts_at=first.starts_at, ends_at=first.ends_at)
    with pytest.raises(IntegrityError, match="one_exam_in_a_room_at_a_time"), transaction.atomic():
        SessionRoom.objects.create(
            session=second, room=row.room, number=1, seats=1, starts_at=first.starts_at, ends_at=first.ends_at
        )
