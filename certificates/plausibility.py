"""Judges whether the days of a certificate can be true.

It reads nothing from the database. Imports and clerks ask it alike: what it finds is never made into a certificate
unless somebody has looked at the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from administration.parameters.book import ParameterBook
from common.dates import TERM_YEARS, add_months, chinese_date

AHEAD_MONTHS = 12
"""A term that is renewed begins at most so long after today."""


@dataclass(frozen=True, slots=True)
class Limits:
    longest_years: int
    least_age: int
    today: date

    @classmethod
    def load(cls, today: date, parameters: ParameterBook | None = None) -> Limits:
        book = parameters or ParameterBook.load()
        longest, least = book.integer("longest_term_years", today), book.integer("exam_least_age", today)
        return cls(longest, least, today)


@dataclass(frozen=True, slots=True)
class Days:
    """Holds the days that a certificate names; `number_year` is that of its number."""

    valid_to: date
    valid_from: date | None = None
    issued_on: date | None = None
    first_issued_on: date | None = None
    birth_date: date | None = None
    number_year: int | None = None


def implausible(days: Days, limits: Limits) -> list[str]:
    """Answers a sentence for each reason, the gravest first."""
    return [*_terms(days, limits), *_orders(days), *_future(days, limits), *_ages(days, limits)]


def _terms(days: Days, limits: Limits) -> list[str]:
    starts = days.valid_from or days.issued_on
    if starts is not None and days.valid_to >= add_months(starts, 12 * limits.longest_years):
        return [
            f"有效期从{chinese_date(starts)}到{chinese_date(days.valid_to)}，"
            f"超过 {limits.longest_years} 年（通常 {TERM_YEARS} 年）。"
        ]
    if days.valid_to >= add_months(limits.today, 12 * limits.longest_years):
        return [f"有效期止{chinese_date(days.valid_to)}在 {limits.longest_years} 年以后。"]
    return []


def _orders(days: Days) -> list[str]:
    ends = days.valid_to
    found = []
    if days.valid_from and days.valid_from > ends:
        found.append("有效期起晚于有效期止。")
    if days.issued_on and days.issued_on > ends:
        found.append("发证日期晚于有效期止。")
    if days.first_issued_on and days.issued_on and days.first_issued_on > days.issued_on:
        found.append("初次领证日期晚于发证日期。")
    elif days.first_issued_on and days.first_issued_on > ends:
        found.append("初次领证日期晚于有效期止。")
    if days.number_year and days.number_year > ends.year:
        found.append(f"证书编号是 {days.number_year} 年的，晚于有效期止。")
    return found


def _future(days: Days, limits: Limits) -> list[str]:
    found = []
    if days.issued_on and days.issued_on > limits.today:
        found.append("发证日期在今天以后。")
    if days.first_issued_on and days.first_issued_on > limits.today:
        found.append("初次领证日期在今天以后。")
    if days.valid_from and days.valid_from > add_months(limits.today, AHEAD_MONTHS):
        found.append("有效期起在一年以后。")
    return found


def _ages(days: Days, limits: Limits) -> list[str]:
    """A holder whose day of issue is not written had the certificate three years before its end."""
    if days.birth_date is None:
        return []
    named = [day for day in (days.first_issued_on, days.issued_on, days.valid_from) if day is not None]
    issued = min(named) if named else add_months(days.valid_to + timedelta(days=1), -12 * TERM_YEARS)
    if issued < days.birth_date:
        return ["发证时持证人还没有出生。"]
    if issued < add_months(days.birth_date, 12 * limits.least_age):
        return [f"发证时持证人不满 {limits.least_age} 周岁。"]
    return []
