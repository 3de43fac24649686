"""Counts the statistics anew: readers see the former figures until all of the new ones are there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from administration.models import Figure
from common.database.set_inserts import insert_rows

from .counting import count_all

JOB = "statistics"


@transaction.atomic
def refresh(*, now: datetime) -> int:
    """Answers how many figures there are."""
    cells = count_all(localdate(now))
    Figure.objects.all().delete()
    insert_rows(
        Figure(subject=subject, city=city, part=part, key=key, number=number, counted_at=now)
        for (subject, city, part, key), number in sorted(cells.items())
    )
    return len(cells)
