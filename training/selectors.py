"""Reads records of continuing education by the blind index of the ID number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import QuerySet

from .models import TrainingRecord

COURSE = ("course", "starts_on", "ends_on", "institution_name", "category")
Course = tuple[object, ...]


def records_of(indexes: Collection[str]) -> dict[str, list[TrainingRecord]]:
    """Maps the blind index of an ID number to the records that count, latest first, in one query."""
    found: dict[str, list[TrainingRecord]] = defaultdict(list)
    for record in TrainingRecord.objects.filter(id_number_index__in=indexes, withdrawn_at__isnull=True):
        found[record.id_number_index].append(record)
    return dict(found)


def history_of(index: str) -> QuerySet[TrainingRecord]:
    """Answers all records of one person, withdrawn ones included."""
    return TrainingRecord.objects.filter(id_number_index=index).select_related("replaced_by")


def course_of(record: object) -> Course:
    """Takes a stored record or a new one."""
    return tuple(getattr(record, name) for name in COURSE)


def others_on_record(courses: Collection[Course], indexes: Collection[str]) -> list[TrainingRecord]:
    """Answers the records of these courses that count and are not of these people, in one query."""
    if not courses:
        return []
    columns = zip(COURSE, zip(*courses, strict=True), strict=True)
    rows = TrainingRecord.objects.filter(**{f"{name}__in": set(values) for name, values in columns})
    found = rows.filter(withdrawn_at__isnull=True).order_by("course", "starts_on", "name", "pk")
    return [row for row in found if course_of(row) in courses and row.id_number_index not in indexes]
