"""Hands papers of an exam out and notes who took them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from administration.audit.services import record_audits
from exams.enums import Paper
from exams.models import ExamBatch, ExamSeat, SessionRoom
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .lists import draw_door_list, draw_room_list, draw_sign_in_sheet
from .printing import paper_of, print_cards, print_rooms
from .selectors import seats_of_enterprise, seats_of_rooms

DRAWN_BY = {Paper.DOOR: draw_door_list, Paper.LIST: draw_room_list, Paper.SIGN_IN: draw_sign_in_sheet}


@transaction.atomic
def take_cards_of_enterprise(batch: ExamBatch, *, by: Actor, now: datetime) -> tuple[bytes, int]:
    """Answers all cards of the enterprise's people as one PDF, and how many they are. They bear full ID numbers."""
    seats = list(seats_of_enterprise(by.enterprise_id or 0, batch.pk))
    _note("exam_seat.cards", batch, by, count=len(seats))
    return print_cards(seats, title=f"{batch.name} 准考证", day=localdate(now)), len(seats)


@transaction.atomic
def take_room_paper(room: SessionRoom, kind: Paper, *, by: Actor, now: datetime) -> bytes:
    batch = room.session.batch
    seats: list[ExamSeat] = list(seats_of_rooms([room]))
    _note("exam_seat.paper", batch, by, paper=kind.label, room=room.pk, count=len(seats))
    return print_rooms(
        [paper_of(room, seats)], DRAWN_BY[kind], batch=batch, title=f"{room}{kind.label}", day=localdate(now)
    )


def _note(action: str, batch: ExamBatch, by: Actor, **detail: object) -> None:
    told: dict[str, object] = {"batch": batch.name, "acting_for": by.acting_for, **detail}
    record_audits(action, [(ExamBatch._meta.label_lower, batch.pk, told)], by=author_of(by))
