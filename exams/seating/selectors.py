"""Reads rooms with how many of their seats are taken, and who is seated."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry, ExamSeat, SessionRoom
from exams.selectors import HELD


def unseated(batch_id: int) -> QuerySet[ExamEntry]:
    """Answers who is admitted and has no seat, or lost it with the room."""
    held = ExamSeat.objects.filter(HELD, entry=OuterRef("pk"))
    return ExamEntry.objects.filter(~Exists(held), batch=batch_id, state=EntryState.APPROVED)


def rooms_with_seats(batch: ExamBatch) -> QuerySet[SessionRoom]:
    """Answers the rooms in use, in the order of sessions; `seated` counts the seats that are taken."""
    rows = SessionRoom.objects.filter(released_at__isnull=True, session__batch=batch)
    held = Q(taken_seats__released_at__isnull=True, taken_seats__number__lte=F("seats"))
    counted = rows.select_related("session", "room__site").annotate(seated=Count("taken_seats", filter=held))
    return counted.order_by("session__number", "number", "pk")


def waiting_by_category(batch: ExamBatch) -> list[tuple[str, int]]:
    rows = unseated(batch.pk).order_by("category").values("category").annotate(people=Count("pk"))
    return [(str(row["category"]), int(row["people"])) for row in rows]
