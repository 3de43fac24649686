"""Reads records of continuing education by the blind index of the ID number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import QuerySet

from .models import TrainingRecord


def records_of(indexes: Collection[str]) -> dict[str, list[TrainingRecord]]:
    """Maps the blind index of an ID number to the records that count, latest first, in one query."""
    found: dict[str, list[TrainingRecord]] = defaultdict(list)
    for record in TrainingRecord.objects.filter(id_number_index__in=indexes, withdrawn_at__isnull=True):
        found[record.id_number_index].append(record)
    return dict(found)


def history_of(index: str) -> QuerySet[TrainingRecord]:
    """Answers all records of one person, withdrawn ones included."""
    return TrainingRecord.objects.filter(id_number_index=index).select_related("replaced_by")
