"""What devices have said at the door is stored once, whatever the order, the clock and the number of times that it is sent."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.enums import Duty
from administration.enums import OfficeKind
from administration.models import AuditEntry
from common.findings import Refused
from exams.checkin.forms import read_merge
from exams.checkin.links import make_link, revoke_link
from exams.checkin.merging import Device, Said, merge_check_ins
from exams.checkin.selectors import presence_of
from exams.enums import CheckInKind
from exams.models import CheckInLink, ExamCheckIn, ExamSeat
from tests.clock import Clock
from tests.factories import actor, make_office, make_staff

from .door_world import AT, DoorWorld

pytestmark = pytest.mark.django_db
ONE, OTHER = Device(uuid.uuid4(), "监考一"), Device(uuid.uuid4(), "监考二")


@pytest.fixture
def world(clock: Clock) -> DoorWorld:
    clock.stop_at(AT)
    return DoorWorld(AT)


def said(
    world: DoorWorld, seat: ExamSeat, kind: CheckInKind = CheckInKind.PRESENT, minutes: int = 0, **more: uuid.UUID
) -> Said:
    return Said(uuid.uuid4(), seat.pk, kind, world.now + timedelta(minutes=minutes), **more)


def test_what_is_sent_twice_counts_once(world: DoorWorld) -> None:
    seat = world.seats()[0]
    one = said(world, seat)
    for _ in range(2):
        merged = merge_check_ins(world.link.pk, [one, one], device=ONE, now=world.now)
        assert set(merged.taken) == {one.key}
    assert ExamCheckIn.objects.count() == 1
    assert AuditEntry.objects.filter(action="exam_check_in.merge").count() == 1


def test_two_devices_lose_nothing_and_the_first_time_counts(world: DoorWorld) -> None:
    first, second, third = world.seats()
    later, earlier = said(world, first, minutes=9), said(world, first, minutes=2)
    merge_check_ins(world.link.pk, [later, said(world, second)], device=ONE, now=world.now + timedelta(hours=1))
    note = said(world, third, CheckInKind.STRANGER)
    merge_check_ins(world.link.pk, [earlier, note], device=OTHER, now=world.now + timedelta(hours=2))
    found = presence_of(world.batch)
    assert found[first.entry_id].present_at == world.now + timedelta(minutes=2)
    assert found[first.entry_id].by_name == "监考二"
    assert found[first.entry_id].where == "第1场第1考场 01号"
    assert found[second.entry_id].is_present
    assert not found[third.entry_id].is_present, "a note that it was somebody else is no check-in"
    assert [one.by_name for one in found[third.entry_id].strangers] == ["监考二"]
    assert ExamCheckIn.objects.count() == 4


def test_an_undo_takes_back_one_check_in_and_may_arrive_first(world: DoorWorld) -> None:
    first, second, _ = world.seats()
    wrong, right = said(world, first), said(world, second)
    undo = said(world, first, CheckInKind.UNDONE, undoes=wrong.key)
    merge_check_ins(world.link.pk, [undo], device=ONE, now=world.now)
    merge_check_ins(world.link.pk, [wrong, right], device=ONE, now=world.now)
    assert set(presence_of(world.batch)) == {second.entry_id}
    merge_check_ins(world.link.pk, [said(world, first, minutes=-1)], device=OTHER, now=world.now)
    assert presence_of(world.batch)[first.entry_id].is_present, "what another device has seen stays"


def test_a_wrong_clock_is_put_right_and_kept(world: DoorWorld) -> None:
    seat = world.seats()[0]
    fast = Device(uuid.uuid4(), "监考", timedelta(hours=-2))
    one = said(world, seat, minutes=120)
    merge_check_ins(world.link.pk, [one], device=fast, now=world.now + timedelta(minutes=5))
    row = ExamCheckIn.objects.get()
    assert row.at == world.now
    assert row.device_at == world.now + timedelta(hours=2)
    merge_check_ins(world.link.pk, [said(world, seat, minutes=600)], device=ONE, now=world.now + timedelta(minutes=6))
    assert ExamCheckIn.objects.order_by("pk")[1].at == world.now + timedelta(minutes=6), (
        "nothing happened after it arrived"
    )


def test_a_clock_that_was_set_between_check_in_and_sending_moves_nobody_into_another_year(world: DoorWorld) -> None:
    """Without a network a device may believe that it is 1970; the network sets its clock before anything is sent."""
    seat, arrival = world.seats()[0], world.now + timedelta(minutes=5)
    unset = Said(uuid.uuid4(), seat.pk, CheckInKind.PRESENT, datetime(1970, 1, 1, 0, 7, tzinfo=UTC))
    merge_check_ins(world.link.pk, [unset], device=ONE, now=arrival)
    row = ExamCheckIn.objects.get()
    assert (row.at, row.device_at) == (arrival, unset.device_at)


def test_a_device_whose_clock_is_years_away_is_heard(world: DoorWorld) -> None:
    said_at, sent_at = (int(timedelta(minutes=minutes).total_seconds()) * 1000 for minutes in (7, 12))
    line = {"key": str(uuid.uuid4()), "seat": world.seats()[0].pk, "kind": "present", "at": said_at}
    body = {"device": str(uuid.uuid4()), "by_name": "监考", "sent_at": sent_at, "said": [line]}
    device, said = read_merge(json.dumps(body).encode(), now=world.now)
    assert merge_check_ins(world.link.pk, said, device=device, now=world.now).taken
    assert ExamCheckIn.objects.get().at == world.now - timedelta(minutes=5)


def test_a_seat_of_another_room_is_answered_and_not_stored(world: DoorWorld) -> None:
    other = world.seats(world.second)[0]
    right, wrong = said(world, world.seats()[0]), said(world, other)
    merged = merge_check_ins(world.link.pk, [wrong, right], device=ONE, now=world.now)
    assert (merged.taken, merged.elsewhere) == ([right.key], [wrong.key])
    assert set(presence_of(world.batch)) == {world.seats()[0].entry_id}


def test_a_link_works_around_its_session_until_it_is_ended(world: DoorWorld) -> None:
    one, room = said(world, world.seats()[0]), world.first
    for moment, is_taken in (
        (CheckInLink.opens(room) - timedelta(minutes=1), False),
        (CheckInLink.closes(room) + timedelta(hours=3), True),
        (CheckInLink.merges_until(room) + timedelta(minutes=1), False),
    ):
        if is_taken:
            assert merge_check_ins(world.link.pk, [one], device=ONE, now=moment).taken == [one.key]
        else:
            with pytest.raises(Refused):
                merge_check_ins(world.link.pk, [said(world, world.seats()[1])], device=ONE, now=moment)
    revoke_link(room.pk, by=actor(world.organiser), now=world.now)
    with pytest.raises(Refused, match="停用"):
        merge_check_ins(world.link.pk, [said(world, world.seats()[1])], device=ONE, now=world.now)
    assert ExamCheckIn.objects.count() == 1


def test_a_new_link_ends_the_former_and_only_the_organiser_makes_one(world: DoorWorld) -> None:
    fresh = make_link(world.first.pk, by=actor(world.organiser), now=world.now)
    world.link.refresh_from_db()
    assert world.link.revoked_at == world.now
    assert fresh.token != world.link.token
    assert len(str(fresh.token)) == 32
    elsewhere = make_staff(make_office("别的考试中心", kind=OfficeKind.ORGANISER, region="360000"), Duty.ORGANISE)
    for user in (elsewhere, world.province.reviewer, world.operator):
        with pytest.raises(Refused):
            make_link(world.first.pk, by=actor(user), now=world.now)
    with pytest.raises(Refused, match="结束"):
        make_link(world.first.pk, by=actor(world.organiser), now=world.now + timedelta(days=1))
    actions = list(AuditEntry.objects.filter(action__startswith="exam_check_in.").values_list("action", flat=True))
    assert actions == ["exam_check_in.link"] * 2


def test_the_database_keeps_what_was_said(world: DoorWorld) -> None:
    one = said(world, world.seats()[0])
    merge_check_ins(world.link.pk, [one], device=ONE, now=world.now)
    for change in (
        lambda: ExamCheckIn.objects.update(by_name="别人"),
        lambda: ExamCheckIn.objects.all().delete(),
        lambda: CheckInLink.objects.create(
            session_room=world.first, token="x", token_index="x" * 64, created_by=world.organiser
        ),
    ):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            change()
    assert ExamCheckIn.objects.get().by_name == "监考一"
