"""Says what the present term of each certificate has of hours, what lacks, and until when, for the person and the enterprise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from administration.parameters.book import ParameterBook
from common.dates import months_before
from common.registry import Registry

from .hours import Count, Rules, count_hours
from .selectors import records_of

SOON = timedelta(days=180)
"""Whoever lacks hours so long before the end is shown first."""


@dataclass(frozen=True)
class Held:
    """Is a certificate as far as hours concern it."""

    id_number_index: str
    number: str
    category: str
    ends_on: date
    certificate_id: int


HELD: Registry[Callable[[Collection[int]], list[Held]]] = Registry("source of certificates that ask for hours")
"""Packages above say what people hold: `source(person_ids)`."""


@dataclass(frozen=True)
class TermHours:
    """`opens_on` is the first day on which the extension may be applied for, with the hours of that day."""

    held: Held
    count: Count
    opens_on: date
    today: date

    @property
    def is_over(self) -> bool:
        return self.held.ends_on < self.today

    @property
    def is_urgent(self) -> bool:
        return not self.count.is_enough and self.held.ends_on <= self.today + SOON


def terms_of(held: Sequence[Held], *, today: date) -> list[TermHours]:
    """Answers one for each certificate, in the given order, by two queries for all."""
    book = ParameterBook.load()
    rules = Rules(book, today)
    months = book.integer("extension_window_months", today)
    records = records_of({one.id_number_index for one in held})
    return [
        TermHours(
            one,
            count_hours(one, records.get(one.id_number_index, []), rules),
            months_before(one.ends_on, months),
            today,
        )
        for one in held
    ]


def terms_of_person(person_id: int, *, today: date) -> list[TermHours]:
    return terms_of([one for source in HELD for one in source([person_id])], today=today)
