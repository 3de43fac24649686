"""Reads entries for the results."""

from __future__ import annotations

from collections.abc import Collection

from exams.enums import EntryState
from exams.models import ExamEntry


def without_result(*, batch_ids: Collection[int], listed: Collection[int]) -> list[ExamEntry]:
    """Answers admitted entries of these batches that have no result and are not listed."""
    admitted = ExamEntry.objects.filter(batch_id__in=batch_ids, state=EntryState.APPROVED)
    waiting = admitted.select_related("person", "batch").order_by("batch_id", "person__name", "category", "pk")
    return [entry for entry in waiting if entry.pk not in listed]
