"""Counts hours of continuing education: which records count for a term, how many hours of each, and what lacks.

The extension's check, the person's page, the enterprise's page and the pages of a certificate all count by `count_hours`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from administration.parameters.book import ParameterBook
from common.dates import add_months

from .enums import Source
from .models import TrainingRecord

MOST_OF_YEAR = {
    Source.INSTITUTION: "training_year_institution",
    Source.ENTERPRISE: "training_year_enterprise",
    Source.ONLINE: "training_year_online",
}
"""Maps a source to the parameter that limits its hours in a calendar year; 0 limits nothing."""
LIMITS = {key: f"{source.label}每年最多计入 {{{key}}} 学时" for source, key in MOST_OF_YEAR.items()}
"""Has the words of each limit for a guide."""


def in_hours(value: Decimal) -> str:
    """Writes hours as people do: 24, 7.5."""
    return f"{value.normalize():f}"


@dataclass(frozen=True)
class Rules:
    """Holds the rules of the day by which a term is judged: that of filing, or today."""

    book: ParameterBook
    on: date

    @cached_property
    def needed(self) -> int:
        return self.book.integer("training_hours_per_term", self.on)

    @cached_property
    def years(self) -> int:
        return self.book.integer("term_years", self.on)

    def most(self, source: str, year: int) -> int:
        """A limit holds for the whole year in which it takes effect; earlier years keep what they counted."""
        return self.book.integer(MOST_OF_YEAR[Source(source)], min(date(year, 12, 31), self.on))


@dataclass(frozen=True)
class Counted:
    """`hours` are those that count; they are fewer than the record's where the year's limit of its source is reached."""

    record: TrainingRecord
    hours: Decimal
    limit: int = 0

    @property
    def note(self) -> str:
        if self.hours == self.record.hours:
            return ""
        source = Source(self.record.source).label
        return f"{source}每年最多计入 {self.limit} 学时，本条计入 {in_hours(self.hours)} 学时"


@dataclass(frozen=True)
class Count:
    """Says what a term has, latest course first, and what lacks."""

    since: date
    needed: int
    lines: Sequence[Counted]

    @cached_property
    def hours(self) -> Decimal:
        return sum((line.hours for line in self.lines), Decimal(0))

    @property
    def is_enough(self) -> bool:
        return self.hours >= self.needed

    @property
    def missing(self) -> Decimal:
        return max(self.needed - self.hours, Decimal(0))

    @property
    def words(self) -> str:
        return in_hours(self.hours)


class Certified(Protocol):
    """Is a certificate, or what `terms.Held` says of one."""

    @property
    def category(self) -> str: ...
    @property
    def ends_on(self) -> date: ...


def count_hours(held: Certified, records: Iterable[TrainingRecord], rules: Rules) -> Count:
    """Counts from the first day of the present term, which a change of employer does not restart."""
    since = add_months(held.ends_on + timedelta(days=1), -12 * rules.years)
    counting = [one for one in records if one.ends_on >= since and one.category in ("", held.category)]
    taken: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    lines = []
    for record in sorted(counting, key=lambda one: (one.ends_on, one.pk)):
        year = record.ends_on.year
        limit = rules.most(record.source, year)
        hours = min(record.hours, max(limit - taken[record.source, year], Decimal(0))) if limit else record.hours
        taken[record.source, year] += hours
        lines.append(Counted(record, hours, limit))
    return Count(since, rules.needed, lines[::-1])


def standing_at(records: Iterable[TrainingRecord], moment: datetime) -> list[TrainingRecord]:
    """Answers those of all records of a person, withdrawn ones included, that counted at the moment."""
    return [
        one for one in records if one.created_at <= moment and (one.withdrawn_at is None or one.withdrawn_at > moment)
    ]
