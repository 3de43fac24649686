"""Reads the sessions of a batch with their rooms, and the rooms that one may use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from administration.enums import OfficeKind
from administration.models import Office
from exams.enums import PENDING, BatchStatus
from exams.models import ExamBatch, ExamEntry, ExamRoom, ExamSeat, ExamSession, SessionRoom


def sessions_of(batch: ExamBatch) -> QuerySet[ExamSession]:
    """Answers the sessions with their rooms in `rooms.all()`, in two queries. Those of a batch called off stay readable."""
    rooms = SessionRoom.objects.select_related("room__site").order_by("number")
    if batch.status != BatchStatus.CALLED_OFF:
        rooms = rooms.filter(released_at__isnull=True)
    found = ExamSession.objects.filter(batch=batch).prefetch_related(Prefetch("rooms", rooms))
    return found.order_by("starts_at", "number")


def session_of(batch: ExamBatch, pk: int) -> ExamSession:
    """Raises Http404 for a session of another batch."""
    return get_object_or_404(sessions_of(batch), pk=pk)


def live_rooms(session: ExamSession) -> list[SessionRoom]:
    """Answers the rooms that the session uses."""
    rooms = SessionRoom.objects.filter(session=session, released_at__isnull=True).select_related("room__site")
    return list(rooms.order_by("number"))


def is_awaited(batch: ExamBatch) -> bool:
    """Answers whether somebody is signed up and still to sit the exam."""
    return ExamEntry.objects.filter(batch=batch, state__in=PENDING).exists()


def last_seats(session: ExamSession) -> dict[int, int]:
    """Maps a room where somebody is seated to the highest number of a seat that is taken."""
    seats = ExamSeat.objects.filter(session_room__session=session, released_at__isnull=True)
    counted = seats.values("session_room__room").order_by("session_room__room").annotate(last=Max("number"))
    return {row["session_room__room"]: row["last"] for row in counted}


def site_offices(batch: ExamBatch) -> list[int]:
    """Answers whose sites the batch uses: those of its organiser, or of the province where it has none."""
    if batch.organiser_id is not None:
        return [batch.organiser_id]
    return list(Office.objects.filter(kind=OfficeKind.PROVINCIAL).order_by("pk").values_list("pk", flat=True))


def usable_rooms(batch: ExamBatch, session: ExamSession | None = None) -> list[ExamRoom]:
    """Answers the rooms in use of the batch's sites, and those that the session has already, by site and name."""
    usable = Q(is_active=True, site__is_active=True)
    if session is not None:
        usable |= Q(pk__in=[one.room_id for one in session.rooms.all()])
    rooms = ExamRoom.objects.filter(usable, site__office__in=site_offices(batch))
    return list(rooms.select_related("site").order_by("site__name", "site_id", "name", "pk"))


def uses_at(
    room_ids: Iterable[int], *, starts_at: datetime, ends_at: datetime, but: int | None = None
) -> list[SessionRoom]:
    """Answers what the rooms are used for in that time, apart from the session `but`."""
    uses = SessionRoom.objects.filter(
        room__in=list(room_ids), released_at__isnull=True, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return list(uses.exclude(session=but).select_related("room", "session__batch").order_by("starts_at", "pk"))


def uses_of_others(batch: ExamBatch, moved: Sequence[SessionRoom]) -> list[SessionRoom]:
    """Answers what other batches use the rooms for, in the span of all that moves."""
    if not moved:
        return []
    first, last = min(one.starts_at for one in moved), max(one.ends_at for one in moved)
    uses = SessionRoom.objects.filter(
        room__in=[one.room_id for one in moved], released_at__isnull=True, starts_at__lt=last, ends_at__gt=first
    )
    others = uses.exclude(session__batch=batch).select_related("room__site", "session__batch")
    return list(others.order_by("starts_at", "pk"))


@dataclass(frozen=True)
class Capacity:
    """`seats` counts the seats of the sessions that are for the category."""

    category: str
    seats: int


def seats_in(sessions: Iterable[ExamSession]) -> int:
    return sum(room.seats for session in sessions for room in session.rooms.all())


def capacity_of(batch: ExamBatch, sessions: Iterable[ExamSession]) -> list[Capacity]:
    """Answers the seats by category. A session for several categories counts for each of them."""
    known = list(sessions)
    return [Capacity(category, seats_in(one for one in known if one.is_for(category))) for category in batch.categories]
