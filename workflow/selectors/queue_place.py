"""Finds the place of a case in a reviewer's queue, and the case that follows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ..models import NEVER, Application


@dataclass(frozen=True)
class QueuePlace:
    position: int
    total: int
    next_number: str


def place_in(waiting: QuerySet[Application], application: Application) -> QueuePlace:
    """The case is one of those waiting. After the last one follows the first."""
    waiting = waiting.select_related(None)
    here = application.due_on or NEVER
    before = Q(due_sort__lt=here) | Q(due_sort=here, pk__lt=application.pk)
    behind = Q(due_sort__gt=here) | Q(due_sort=here, pk__gt=application.pk)
    earlier, later = waiting.filter(before).count(), waiting.filter(behind).count()
    following = waiting.filter(behind).values_list("number", flat=True).first() if later else None
    if following is None and earlier:
        following = waiting.filter(before).values_list("number", flat=True).first()
    return QueuePlace(earlier + 1, earlier + later + 1, following or "")
