"""Says which entries the office's list shows, in its order, and what comes after one of them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate

from exams.models import ExamBatch, ExamEntry
from exams.permissions import under_review
from workflow.actors import Actor

from .forms import ReviewFilters

FILTERS = tuple(ReviewFilters.base_fields)


def filters_for(request: HttpRequest, actor: Actor) -> ReviewFilters:
    return ReviewFilters(request.GET, batches=_batches(actor), today=localdate())


def _batches(actor: Actor) -> list[ExamBatch]:
    """Answers the batches of what is under review here, the next exam first."""
    rows = ExamEntry.objects.filter(under_review(actor)).order_by().values("batch").distinct()
    return list(ExamBatch.objects.filter(pk__in=rows).order_by("exam_from", "pk"))


def listed(request: HttpRequest, actor: Actor) -> tuple[ReviewFilters, QuerySet[ExamEntry]]:
    filters = filters_for(request, actor)
    rows = ExamEntry.objects.filter(under_review(actor)).select_related("person", "enterprise", "batch")
    return filters, filters.narrowed(rows)


def next_in_queue(request: HttpRequest, actor: Actor, entry: ExamEntry) -> int | None:
    """Answers the entry after this one among those that the filters let through, or else the first of them."""
    _, rows = listed(request, actor)
    others = rows.exclude(pk=entry.pk).order_by("pk")
    later = others.filter(pk__gt=entry.pk).values_list("pk", flat=True)[:1]
    return next(iter([*later, *others.values_list("pk", flat=True)[:1]]), None)


def query_of(request: HttpRequest) -> str:
    """Keeps only the filters of the list, for links to other entries and back."""
    kept = request.GET.copy()
    for name in set(kept) - set(FILTERS):
        del kept[name]
    return kept.urlencode()
