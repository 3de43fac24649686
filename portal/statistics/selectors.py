"""Reads the figures for a page: some thousand rows at most, however many certificates there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.timezone import localdate

from administration.models import Figure, Region

from .subjects import SUBJECTS
from .tables import Sheet, sheets_of


@dataclass(frozen=True)
class Statistics:
    sheets: Sequence[Sheet]
    counted_at: datetime | None

    @property
    def is_counted(self) -> bool:
        return self.counted_at is not None


def cities() -> list[tuple[str, str]]:
    """Answers code and name of the cities of the province that are not abolished."""
    rows = Region.objects.filter(pk__endswith="00").exclude(pk__endswith="0000").order_by("pk")
    return list(rows.values_list("pk", "name"))


def statistics(*, is_open: bool, city: str = "") -> Statistics:
    """`city` narrows the tables of an office; the open ones are always those of the whole province, because the
    difference of two tables would give small cells away.
    """
    rows = Figure.objects.order_by("id")
    counted_at = rows.aggregate(at=Max("counted_at"))["at"]
    if city and not is_open:
        rows = rows.filter(city=city)
    today = localdate(counted_at) if counted_at else localdate()
    figures = list(rows.values_list("subject", "city", "part", "key", "number"))
    return Statistics(sheets_of(figures, today=today, cities=cities(), is_open=is_open), counted_at)


def subjects_in_words() -> list[tuple[str, str, str, str]]:
    """Answers title, row, unit and meaning of each table: the data dictionary."""
    return [(one.title, one.first, one.unit, one.meaning) for one in SUBJECTS]
