"""Puts together what a device keeps of its room for the day, so that it can check people in without a network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.urls import reverse

from common.dates import chinese_date
from common.text.masking import mask_id_number
from exams.models import CheckInLink, ExamSeat, SessionRoom

from .selectors import live_seats, presence_of_seats

VOID = "这张准考证已经作废，请出示新的准考证"
MARK = 16


def mark_of(text: str) -> str:
    """A device knows a code or a number by this alone: the list of a lost phone makes nobody an admit card."""
    return sha256(text.encode()).hexdigest()[:MARK]


def list_of(link: CheckInLink, token: str, *, now: datetime) -> dict[str, object]:
    room = link.session_room
    seats = list(live_seats(room))
    return {
        "exam": room.session.batch.name,
        "room": f"{room.session}{room}",
        "place": place_of(room),
        "starts": room.starts_at.isoformat(),
        "closes": CheckInLink.closes(room).isoformat(),
        "now": now.isoformat(),
        "seats": [_seat(seat, token) for seat in seats],
        "elsewhere": [{"where": where, "marks": marks} for where, marks in _elsewhere(room).items()],
        "state": state_of(seat.pk for seat in seats),
    }


def state_of(seat_ids: Iterable[int]) -> dict[int, dict[str, object]]:
    return {
        seat_id: {
            "at": one.present_at.isoformat() if one.present_at else "",
            "by": one.by_name,
            "strangers": len(one.strangers),
        }
        for seat_id, one in presence_of_seats(set(seat_ids)).items()
    }


def place_of(room: SessionRoom) -> str:
    return f"{room.room.site.name} {room.room.name}"


def _seat(seat: ExamSeat, token: str) -> dict[str, object]:
    person = seat.entry.person
    return {
        "id": seat.pk,
        "seat": seat.number,
        "name": person.name,
        "category": seat.entry.category,
        "number": seat.candidate_number,
        "card": mask_id_number(str(person.id_number)),
        "mark": mark_of(seat.code),
        "photo": reverse("exams:check_in_photo", args=[token, seat.pk]) if person.id_photo_small else "",
    }


def _elsewhere(room: SessionRoom) -> dict[str, list[str]]:
    """Maps another room of this exam, or that a card is void, to the marks of its cards and numbers; in one query."""
    rows = ExamSeat.objects.filter(entry__batch=room.session.batch_id).select_related("session_room__session")
    found: dict[str, list[str]] = defaultdict(list)
    for seat in rows.select_related("session_room__session", "session_room__room__site").order_by("pk"):
        if seat.released_at is not None:
            found[VOID].append(mark_of(seat.code))
        elif seat.session_room_id != room.pk:
            other = seat.session_room
            where = f"{chinese_date(other.starts_at)}{other.session}{other}，{place_of(other)}"
            found[where] += [mark_of(seat.code), mark_of(seat.candidate_number)]
    return dict(found)
