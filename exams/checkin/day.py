"""Reads the exam day for its organiser: rooms with their counts, one room seat by seat, and whose result lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from common.dates import chinese_date
from exams.enums import ADMITTED, RESULTS, CheckInKind, EntryState, ExcuseState
from exams.models import CheckInLink, ExamBatch, ExamCheckIn, ExamSeat, Excuse, SessionRoom
from exams.seating.selectors import rooms_with_seats
from exams.selectors import counts_of

from .selectors import Presence, live_links, live_seats, presence_of_seats, standing

NAMED = 12
"""So many of those whose result lacks, or who have not come, are named; the others are counted, and stand in the rooms."""


@dataclass(frozen=True)
class RoomLine:
    room: SessionRoom
    seated: int
    present: int
    settled: int
    link: CheckInLink | None

    @property
    def is_over(self) -> bool:
        return self.room.ends_at <= utc_now()

    @property
    def is_on(self) -> bool:
        return self.room.starts_at <= utc_now() < self.room.ends_at

    @property
    def lacking(self) -> int:
        return self.seated - self.settled


@dataclass(frozen=True)
class SeatLine:
    seat: ExamSeat
    presence: Presence
    is_checked: bool = True
    """Says whether anybody was checked in at that room: where nobody was, a missing check-in says nothing."""

    @property
    def is_settled(self) -> bool:
        return self.seat.entry.state in RESULTS

    @property
    def last_four(self) -> str:
        """Stands on the door, where everybody reads it."""
        return self.seat.candidate_number[-4:]

    @property
    def words(self) -> str:
        if self.presence.strangers and not self.presence.is_present:
            return "签到时认为不是本人"
        if not self.presence.is_present:
            return "没有签到" if self.is_checked else "本考场没有用签到"
        return ""


@dataclass(frozen=True)
class Stage:
    label: str
    state: str
    note: str
    date: None = None
    holder: str = ""


def room_lines(batch: ExamBatch) -> list[RoomLine]:
    """Needs four queries, whatever the number of candidates."""
    rooms = list(rooms_with_seats(batch))
    links, present = live_links(rooms), _present_by_room(batch)
    live = ExamSeat.objects.filter(session_room__in=[room.pk for room in rooms], released_at__isnull=True)
    settled = dict(
        live.filter(entry__state__in=RESULTS)
        .values_list("session_room")
        .annotate(n=Count("pk"))
        .order_by("session_room")
    )
    return [
        RoomLine(
            room,
            room.seated,  # type: ignore[attr-defined]  # annotated by rooms_with_seats
            present.get(room.pk, 0),
            settled.get(room.pk, 0),
            links.get(room.pk),
        )
        for room in rooms
    ]


def _present_by_room(batch: ExamBatch) -> dict[int, int]:
    here = standing(CheckInKind.PRESENT).filter(seat__entry__batch=batch, seat__released_at__isnull=True)
    counted = here.values_list("seat__session_room").annotate(n=Count("seat", distinct=True))
    return dict(counted.order_by("seat__session_room"))


def seat_lines(room: SessionRoom) -> list[SeatLine]:
    return _lines(list(live_seats(room)))


def without_result(batch: ExamBatch, *, now: datetime) -> tuple[list[SeatLine], int]:
    """Answers the first whose session is over and who have no result, in the order of their seats, and how many in all."""
    rows = _without_result(batch).filter(ends_at__lte=now)
    return _lines(_first(rows)), rows.count()


def excused(lines: Sequence[SeatLine]) -> set[int]:
    """Answers the entries for which the proof of an absence waits."""
    waiting = Excuse.objects.filter(entry__in=[line.seat.entry_id for line in lines], state=ExcuseState.WAITING)
    return set(waiting.order_by("entry").values_list("entry", flat=True))


def not_there(lines: Sequence[RoomLine]) -> tuple[list[SeatLine], int]:
    """Answers the first who have not come to an exam that goes on, and how many in all; a room where nobody was checked in
    says nothing.
    """
    rooms = [line.room.pk for line in lines if line.is_on and line.present]
    if not rooms:
        return [], 0
    here = standing(CheckInKind.PRESENT).filter(seat=OuterRef("pk"))
    rows = ExamSeat.objects.filter(~Exists(here), session_room__in=rooms, released_at__isnull=True)
    return _lines(_first(rows)), rows.count()


def _first(rows: QuerySet[ExamSeat]) -> list[ExamSeat]:
    ordered = rows.order_by("session_room__session__number", "session_room__number", "number", "pk")
    return list(ordered.select_related("entry__person", "session_room__session")[:NAMED])


def _without_result(batch: ExamBatch) -> QuerySet[ExamSeat]:
    return ExamSeat.objects.filter(entry__batch=batch, entry__state=EntryState.APPROVED, released_at__isnull=True)


def strangers_of(batch: ExamBatch) -> QuerySet[ExamCheckIn]:
    """Answers the notes 不是本人 that nobody has taken back."""
    notes = standing(CheckInKind.STRANGER).filter(seat__entry__batch=batch)
    return notes.select_related("seat__entry__person", "seat__session_room__session").order_by("at", "pk")


def _lines(seats: Sequence[ExamSeat]) -> list[SeatLine]:
    found = presence_of_seats([seat.pk for seat in seats])
    rooms = {seat.session_room_id for seat in seats}
    checked = set(
        SessionRoom.objects.filter(
            Q(Exists(ExamCheckIn.objects.filter(seat__session_room=OuterRef("pk")))), pk__in=rooms
        )
        .values_list("pk", flat=True)
        .order_by("pk")
    )
    return [SeatLine(seat, found.get(seat.pk, Presence()), seat.session_room_id in checked) for seat in seats]


def stages(batch: ExamBatch, lines: Sequence[RoomLine], *, now: datetime) -> list[Stage]:
    counts, today = counts_of([batch.pk]).get(batch.pk, {}), localdate(now)
    admitted = sum(counts.get(state, 0) for state in ADMITTED)
    settled = sum(counts.get(state, 0) for state in RESULTS)
    seated, present = sum(line.seated for line in lines), sum(line.present for line in lines)
    waiting = counts.get(EntryState.ENTERED, 0)
    done = (
        today > batch.sign_up_to,
        today > batch.sign_up_to and not waiting,
        bool(seated) and seated >= admitted,
        today > batch.exam_to,
        bool(admitted) and settled >= admitted,
    )
    notes = (
        f"{chinese_date(batch.sign_up_to)}截止",
        f"{admitted} 人通过" + (f"，{waiting} 人待审核" if waiting else ""),
        f"{seated} / {admitted} 人",
        f"已签到 {present} 人" if present else chinese_date(batch.exam_from),
        f"{settled} / {admitted} 人",
    )
    labels = ("报名", "审核", "编排座位", "考试", "登记成绩")
    first = next((index for index, is_done in enumerate(done) if not is_done), len(done))
    states = ["done" if is_done else "now" if index == first else "todo" for index, is_done in enumerate(done)]
    return [Stage(label, state, note) for label, state, note in zip(labels, states, notes, strict=True)]
