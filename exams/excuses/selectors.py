"""Reads excuses of absences."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from exams.models import ExamBatch, ExamEntry, Excuse
from exams.permissions import results_of
from exams.results.selectors import excuses_to_decide
from workflow.actors import Actor


def excuses_of(entry: ExamEntry) -> list[Excuse]:
    return list(Excuse.objects.filter(entry=entry).order_by("-pk"))


def readable_excuses(actor: Actor) -> QuerySet[Excuse]:
    """Answers the excuses for batches whose results the actor records."""
    rows = Excuse.objects.filter(entry__batch__in=ExamBatch.objects.filter(results_of(actor)))
    return rows.select_related("entry__person", "entry__batch", "entry__enterprise", "decided_by")


def waiting_excuses(actor: Actor) -> QuerySet[Excuse]:
    return excuses_to_decide(actor).select_related("entry__person", "entry__batch", "entry__enterprise")


def readable_excuse(actor: Actor, pk: int) -> Excuse:
    """Raises Http404 for the excuse of a batch whose results others record."""
    return get_object_or_404(readable_excuses(actor), pk=pk)
