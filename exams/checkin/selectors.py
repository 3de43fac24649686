"""Reads check-ins: what is true of each seat, who is present in a batch, and the list that a device keeps for the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from exams.enums import CheckInKind
from exams.models import CheckInLink, ExamBatch, ExamCheckIn, ExamSeat, SessionRoom

from .links import token_index_of


@dataclass
class Presence:
    """The first check-in that nobody took back counts. `strangers` are notes that it was somebody else (不是本人)."""

    present_at: datetime | None = None
    by_name: str = ""
    where: str = ""
    strangers: list[ExamCheckIn] = field(default_factory=list)

    @property
    def is_present(self) -> bool:
        return self.present_at is not None


def link_by_token(token: str) -> CheckInLink | None:
    """Answers an ended link too, so that its reader is told."""
    rows = CheckInLink.objects.select_related("session_room__session__batch", "session_room__room__site")
    return rows.filter(token_index=token_index_of(token)).first()


def live_links(rooms: Iterable[SessionRoom]) -> dict[int, CheckInLink]:
    rows = CheckInLink.objects.filter(session_room__in=[room.pk for room in rooms], revoked_at__isnull=True)
    return {link.session_room_id: link for link in rows}


def presence_of_seats(seat_ids: Collection[int]) -> dict[int, Presence]:
    """Maps a seat to what was said there, in one query; seats of which nothing was said are left out."""
    rows = ExamCheckIn.objects.filter(seat__in=seat_ids).select_related("seat__session_room__session")
    return _presences(rows, lambda row: row.seat_id)


def presence_of(batch: ExamBatch) -> dict[int, Presence]:
    """Maps an entry to its presence, in one query, whatever seat it had then; entries that are not in it were not seen.

    Whoever is not in it is not absent: nobody may have checked people in at that room.
    """
    return _by_entry(ExamCheckIn.objects.filter(seat__entry__batch=batch))


def presence_of_entries(entry_ids: Collection[int]) -> dict[int, Presence]:
    """Answers for some entries, of whatever batch, what `presence_of` answers for one batch."""
    return _by_entry(ExamCheckIn.objects.filter(seat__entry__in=entry_ids))


def entries_with_strangers(entry_ids: Collection[int]) -> set[int]:
    """Answers the entries at whose seat somebody else was noted, also where the note was taken back."""
    notes = ExamCheckIn.objects.filter(kind=CheckInKind.STRANGER, seat__entry__in=entry_ids)
    return set(notes.values_list("seat__entry_id", flat=True))


def _by_entry(rows: QuerySet[ExamCheckIn]) -> dict[int, Presence]:
    return _presences(rows.select_related("seat__session_room__session"), lambda row: row.seat.entry_id)


def _presences(rows: QuerySet[ExamCheckIn], key_of: Callable[[ExamCheckIn], int]) -> dict[int, Presence]:
    said = list(rows.order_by("at", "pk"))
    taken_back = {row.undoes for row in said if row.kind == CheckInKind.UNDONE}
    found: dict[int, Presence] = defaultdict(Presence)
    for row in said:
        if row.key in taken_back or row.kind == CheckInKind.UNDONE:
            continue
        one = found[key_of(row)]
        if row.kind == CheckInKind.STRANGER:
            one.strangers.append(row)
        elif one.present_at is None:
            one.present_at, one.by_name = row.at, row.by_name
            one.where = row.seat.place
    return dict(found)


def standing(kind: CheckInKind) -> QuerySet[ExamCheckIn]:
    """Answers what was said and not taken back."""
    taken_back = ExamCheckIn.objects.filter(kind=CheckInKind.UNDONE, undoes=OuterRef("key"))
    return ExamCheckIn.objects.filter(~Exists(taken_back), kind=kind)


def seat_here(room: SessionRoom, seat_id: int) -> ExamSeat | None:
    return live_seats(room).filter(pk=seat_id).first()


def seat_ids(room: SessionRoom) -> list[int]:
    return list(live_seats(room).values_list("pk", flat=True))


def live_seats(room: SessionRoom) -> QuerySet[ExamSeat]:
    rows = ExamSeat.objects.filter(session_room=room, released_at__isnull=True)
    return rows.select_related("entry__person").order_by("number")
