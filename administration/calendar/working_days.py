"""Counts working days by the State Council's yearly calendar, which names holidays and weekends worked to make up for them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from chinese_calendar import constants
from django.db import connection

from administration.models import CalendarDay

HOLIDAY_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


class WorkingDays:
    """Calculates on a fixed calendar. Years are expanded once, when first used; every answer is a bisection.

    A day that is not in `days` follows the week, Monday to Friday. A year outside `known_years` does so wholly, and
    what depends on it is provisional (预计).
    """

    def __init__(self, days: Mapping[date, bool], known_years: Collection[int]) -> None:
        self._days = dict(days)
        self._known_years = frozenset(known_years)
        self._by_year: dict[int, list[int]] = {}

    def is_workday(self, day: date) -> bool:
        known = self._days.get(day)
        return day.weekday() < 5 if known is None else known

    def is_provisional(self, first: date, last: date | None = None) -> bool:
        """Answers whether any year from `first` to `last` lacks its calendar."""
        return any(year not in self._known_years for year in range(first.year, (last or first).year + 1))

    def add(self, start_day: date, working_days: int) -> tuple[date, bool]:
        """Answers the last day of a period of so many working days, and whether that is provisional.

        The first day is not counted. A period without days ends on the first day itself.
        """
        if working_days < 0:
            raise ValueError("a period cannot have a negative number of working days")
        if working_days == 0:
            return start_day, self.is_provisional(start_day)
        year, left = start_day.year, working_days
        ordinals = self._workdays_of(year)
        place = bisect_right(ordinals, start_day.toordinal())
        while place + left > len(ordinals):
            left -= len(ordinals) - place
            year, place = year + 1, 0
            ordinals = self._workdays_of(year)
        end = date.fromordinal(ordinals[place + left - 1])
        return end, self.is_provisional(start_day + timedelta(days=1), end)

    def between(self, first: date, last: date) -> int:
        """Counts working days after `first` up to and including `last`; negative when `last` is earlier."""
        if last < first:
            return -self.between(last, first)
        count = -bisect_right(self._workdays_of(first.year), first.toordinal())
        count += sum(len(self._workdays_of(year)) for year in range(first.year, last.year))
        return count + bisect_right(self._workdays_of(last.year), last.toordinal())

    def next_workday(self, day: date) -> date:
        """Answers the day itself, or the next working day, because a period that ends on a holiday ends then."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def _workdays_of(self, year: int) -> list[int]:
        if year not in self._by_year:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            self._by_year[year] = [n for n in range(first, last + 1) if self.is_workday(date.fromordinal(n))]
        return self._by_year[year]


def years_known_from(days: Iterable[date]) -> frozenset[int]:
    """A year counts as known once its New Year's Day is entered.

    Every yearly notice lists that day, while a single day at the year's end may come with the next year's notice.
    """
    return frozenset(day.year for day in days if (day.month, day.day) == (1, 1))


def seed_days(years: Iterable[int]) -> list[tuple[date, bool, str]]:
    """Answers rows (day, is a working day, note) that differ from the week or belong to a holiday, as far as
    published.
    """
    wanted = frozenset(years)
    rows = [(day, False, _name(holiday)) for day, holiday in constants.holidays.items() if day.year in wanted]
    rows += [(day, True, f"{_name(name)}调休上班") for day, name in constants.workdays.items() if day.year in wanted]
    return sorted(rows)


def published_years() -> range:
    years = {day.year for day in constants.holidays}
    return range(min(years), max(years) + 1)


def _name(holiday: str) -> str:
    return HOLIDAY_NAMES[holiday]


_cached: tuple[str | None, WorkingDays] | None = None


def load_working_days() -> WorkingDays:
    """Answers a calculator on the present calendar. It is loaded once in a request or job, not for each row.

    Each process keeps it. One query compares the content, so every process sees an edited or imported calendar at
    once, also inside the transaction that edits it.
    """
    global _cached
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(string_agg(day::text || is_workday::text, '' ORDER BY day)) FROM administration_calendarday"
        )
        version = cursor.fetchone()[0]
    # One tuple is replaced whole, so that a thread never sees the version of one calendar with the days of another.
    cached = _cached
    if cached is None or cached[0] != version:
        days = dict(CalendarDay.objects.values_list("day", "is_workday"))
        cached = _cached = (version, WorkingDays(days, years_known_from(days)))
    return cached[1]
