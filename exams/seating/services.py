"""Writes seats and candidate numbers of everybody who is admitted to a batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from common.database.constraints import refused_by_constraints
from common.database.set_updates import update_rows
from common.dates import chinese_datetime
from common.findings import Finding, Refused
from enterprises.models import Enterprise
from exams.models import ExamBatch, ExamEntry, ExamSeat, SessionRoom
from exams.permissions import why_not_seat
from exams.sign_up.locking import lock_entries
from exams.sign_up.naming import ENTRIES
from exams.sign_up.places import release_seats
from exams.sign_up.services import LINK
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .arranging import Arrangement, Hall, Sitter, Slot, Span, arrange
from .lacking import clash, no_room, too_few_seats
from .numbers import numbers_for
from .selectors import unseated


@dataclass
class Assigned:
    """`findings` say who has no seat, and what the organiser can do."""

    seats: list[ExamSeat] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def assign_seats(batch_id: int, *, by: Actor, now: datetime | None = None) -> Assigned:
    """Seats everybody who is admitted and has no seat or lost it with the room, and moves nobody who has one.

    Where seats lack, as many as possible get one. Raises Refused where the actor may not. Only sessions that have not
    begun take people.
    """
    # The locks exclude a conflict, except for two batches that seat one person at the same moment.
    with refused_by_constraints("exam.conflict", "请再编排一次。", turn="考试机构"):
        return _assign(batch_id, by, now or utc_now())


def _assign(batch_id: int, by: Actor, now: datetime) -> Assigned:
    batch = ExamBatch.objects.get(pk=batch_id)
    _authorise(batch, by)
    wanted = lock_entries(unseated(batch_id))
    # Another worker may have seated them, or called the batch off, before the locks were given.
    waiting = set(unseated(batch_id).filter(pk__in=[one.pk for one in wanted]).values_list("pk", flat=True))
    entries = [entry for entry in wanted if entry.pk in waiting]
    if not entries:
        return Assigned()
    batch = entries[0].batch
    _authorise(batch, by)
    rooms = _rooms(batch, now)
    if not rooms:
        return Assigned(findings=[no_room(batch)])
    release_seats(entry_ids=[entry.pk for entry in entries])
    found = _arranged(batch, entries, rooms)
    seats = _store(batch, entries, found, rooms, by, now)
    _tell(seats)
    detail: dict[str, object] = {"batch": batch.name, "count": len(seats), "acting_for": by.acting_for}
    if seats:
        record_audits("exam_seat.assign", [(ExamBatch._meta.label_lower, batch.pk, detail)], by=author_of(by))
    return Assigned(seats, [*too_few_seats(found.full, rooms), *clash(found.clashing)])


def _authorise(batch: ExamBatch, by: Actor) -> None:
    if sentence := why_not_seat(by, batch):
        raise Refused(Finding("exam.not_yours", sentence))


def _rooms(batch: ExamBatch, now: datetime) -> list[SessionRoom]:
    rows = SessionRoom.objects.filter(session__batch=batch, released_at__isnull=True, starts_at__gt=now)
    return list(rows.select_related("session", "room__site").order_by("starts_at", "session__number", "number", "pk"))


def _arranged(batch: ExamBatch, entries: Sequence[ExamEntry], rooms: Sequence[SessionRoom]) -> Arrangement:
    live = ExamSeat.objects.filter(released_at__isnull=True)
    taken = live.filter(session_room__in=rooms).values_list("session_room_id", "number", "entry__enterprise_id")
    seated = {Slot(room_id, number): enterprise for room_id, number, enterprise in taken}
    busy: dict[int, list[Span]] = defaultdict(list)
    people = {entry.person_id for entry in entries}
    for person_id, start, end in live.filter(person__in=people).values_list("person_id", "starts_at", "ends_at"):
        busy[person_id].append((start, end))
    halls: dict[int, Hall] = {}
    for room in rooms:
        session = room.session
        hall = halls.setdefault(session.pk, Hall(session.pk, (room.starts_at, room.ends_at), session.categories, []))
        slots = (Slot(room.pk, number) for number in range(1, room.seats + 1))
        hall.free.extend(slot for slot in slots if slot not in seated)
    sitters = [Sitter(one.pk, one.person_id, one.enterprise_id, one.category) for one in entries]
    return arrange(sitters, list(halls.values()), busy=busy, seated=seated, seed=batch.pk)


def _store(
    batch: ExamBatch,
    entries: Sequence[ExamEntry],
    found: Arrangement,
    rooms: Sequence[SessionRoom],
    by: Actor,
    now: datetime,
) -> list[ExamSeat]:
    """Numbers follow the seats, so that the list of a room is in order of both."""
    place = {room.pk: (order, room) for order, room in enumerate(rooms)}
    placed = [entry for entry in entries if entry.pk in found.seats]
    placed.sort(key=lambda one: (place[found.seats[one.pk].room_id][0], found.seats[one.pk].number))
    numbers = numbers_for(batch, placed)
    seats = [
        _seat(entry, place[found.seats[entry.pk].room_id][1], found.seats[entry.pk].number, numbers[entry.pk], by, now)
        for entry in placed
    ]
    ExamSeat.objects.bulk_create(seats)
    for entry in placed:
        entry.ticket_number = numbers[entry.pk]
    update_rows(placed, ["ticket_number"])
    return seats


def _seat(entry: ExamEntry, room: SessionRoom, number: int, candidate: str, by: Actor, now: datetime) -> ExamSeat:
    return ExamSeat(
        entry=entry,
        person_id=entry.person_id,
        session_room=room,
        number=number,
        candidate_number=candidate,
        starts_at=room.starts_at,
        ends_at=room.ends_at,
        assigned_at=now,
        assigned_by_id=by.user_id,
    )


def _tell(seats: Sequence[ExamSeat]) -> None:
    """Each person gets the own seat, and each enterprise one message of all."""
    if not seats:
        return
    batch = seats[0].entry.batch
    posts = [
        OutgoingMessage(
            seat.entry.person.mailbox_id,
            f"座位已编排，可以下载准考证：{batch.name}",
            f"{seat.entry.category}证考试{_place(seat)}请带身份证原件和准考证参加。",
            LINK,
        )
        for seat in seats
    ]
    counts = Counter(seat.entry.enterprise_id for seat in seats)
    boxes = Enterprise.objects.filter(pk__in=counts).order_by("pk").values_list("pk", "mailbox_id")
    posts += [
        OutgoingMessage(
            box,
            f"{counts[pk]} 人的座位已编排：{batch.name}",
            "可以在“报名情况”中查看他们的准考证。本人也收到了消息。",
            ENTRIES,
        )
        for pk, box in boxes
    ]
    send(posts)


def _place(seat: ExamSeat) -> str:
    room = seat.session_room
    where = f"{room.room.site.name}{room.room.name}，{room}{seat}"
    return f"{chinese_datetime(seat.starts_at)}开始，{where}，准考证号{seat.candidate_number}。"
