"""Reads seats with all that is printed about them, as far as the reader may have it."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from exams.models import ExamBatch, ExamSeat, PaperOrder, SessionRoom
from exams.permissions import results_of
from exams.selectors import HELD
from workflow.actors import Actor


def printed_seats() -> QuerySet[ExamSeat]:
    """Answers live seats in the order of sessions, rooms and seats."""
    rows = ExamSeat.objects.filter(HELD).select_related(
        "entry__person",
        "entry__enterprise",
        "entry__batch__organiser",
        "session_room__session__batch",
        "session_room__room__site",
    )
    return rows.order_by("session_room__session__number", "session_room__number", "number")


def seat_of_person(person_id: int, entry_id: int) -> ExamSeat:
    """Raises Http404 for the entry of somebody else, and for one without a seat."""
    return get_object_or_404(printed_seats(), entry=entry_id, entry__person=person_id)


def seats_of_enterprise(enterprise_id: int, batch_id: int) -> QuerySet[ExamSeat]:
    """Answers the seats in the order of names, in which a clerk hands the cards out."""
    rows = printed_seats().filter(entry__enterprise=enterprise_id, entry__batch=batch_id)
    return rows.order_by("entry__person__name", "pk")


def batches_with_seats(enterprise_id: int, today: date) -> list[tuple[ExamBatch, int]]:
    """Answers the batches still to be held in which people of the enterprise have seats, and how many, the next first."""
    live = ExamSeat.objects.filter(HELD, entry__enterprise=enterprise_id).order_by()
    counts = dict(live.values_list("entry__batch").annotate(seated=Count("pk")))
    batches = ExamBatch.objects.filter(pk__in=counts, exam_to__gte=today).order_by("exam_from", "pk")
    return [(batch, counts[batch.pk]) for batch in batches]


def batch_of_cards(enterprise_id: int, pk: int) -> ExamBatch:
    """Raises Http404 for a batch in which nobody of the enterprise has a seat."""
    live = ExamSeat.objects.filter(HELD, entry__enterprise=enterprise_id)
    return get_object_or_404(ExamBatch.objects.filter(pk__in=live.values("entry__batch")), pk=pk)


def room_to_print(actor: Actor, pk: int) -> SessionRoom:
    """Answers a room of a batch whose results the actor records. Raises Http404 for any other."""
    rows = SessionRoom.objects.filter(
        released_at__isnull=True, session__batch__in=ExamBatch.objects.filter(results_of(actor))
    )
    return get_object_or_404(rows.select_related("session__batch__organiser", "room__site"), pk=pk)


def seats_of_rooms(rooms: QuerySet[SessionRoom] | list[SessionRoom]) -> QuerySet[ExamSeat]:
    return printed_seats().filter(session_room__in=rooms)


def paper_order_of(batch: ExamBatch) -> PaperOrder | None:
    return PaperOrder.objects.filter(batch=batch).select_related("batch").first()
