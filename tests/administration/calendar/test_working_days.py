"""Working days by the yearly calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from administration.calendar.working_days import (
    WorkingDays,
    load_working_days,
    published_years,
    seed_days,
    years_known_from,
)
from administration.models import CalendarDay

ROWS = seed_days(range(2018, 2027))
CALENDAR = WorkingDays({day: is_workday for day, is_workday, _ in ROWS}, set(range(2018, 2027)))
days = st.dates(date(2017, 6, 1), date(2029, 12, 31))
counts = st.integers(0, 400)


@pytest.mark.parametrize(
    ("day", "is_workday"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 17), False),  # Spring Festival, a Tuesday
        (date(2026, 2, 28), True),
        (date(2026, 3, 1), False),  # an ordinary Sunday
        (date(2026, 10, 1), False),
        (date(2026, 10, 8), True),
    ],
)
def test_holidays_and_make_up_days_go_before_the_week(day: date, is_workday: bool) -> None:
    assert CALENDAR.is_workday(day) is is_workday


def test_first_day_is_not_counted() -> None:
    assert CALENDAR.add(date(2026, 3, 2), 1) == (date(2026, 3, 3), False)
    assert CALENDAR.add(date(2026, 3, 2), 5) == (date(2026, 3, 9), False)
    assert CALENDAR.add(date(2026, 3, 2), 0) == (date(2026, 3, 2), False)


def test_period_goes_around_the_spring_festival() -> None:
    # 14 February is worked, 15–23 February is the holiday, 24–27 and Saturday the 28th are worked.
    assert CALENDAR.add(date(2026, 2, 13), 1) == (date(2026, 2, 14), False)
    assert CALENDAR.add(date(2026, 2, 13), 2) == (date(2026, 2, 24), False)
    assert CALENDAR.add(date(2026, 2, 13), 6) == (date(2026, 2, 28), False)


def test_period_that_reaches_a_year_without_calendar_is_provisional() -> None:
    end, provisional = CALENDAR.add(date(2026, 12, 28), 5)
    assert (end, provisional) == (date(2027, 1, 4), True)
    assert CALENDAR.add(date(2026, 12, 28), 3) == (date(2026, 12, 31), False)


def test_start_day_alone_in_an_unknown_year_does_not_make_the_period_provisional() -> None:
    assert CALENDAR.add(date(2017, 12, 31), 1) == (date(2018, 1, 2), False)
    assert CALENDAR.add(date(2017, 12, 30), 1)[1] is True


def test_unknown_year_follows_the_week() -> None:
    assert CALENDAR.is_workday(date(2027, 10, 1)) is True
    assert CALENDAR.is_workday(date(2027, 10, 2)) is False


def test_negative_period_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add(date(2026, 1, 5), -1)


def test_last_day_on_a_holiday_moves_to_the_next_working_day() -> None:
    assert CALENDAR.next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert CALENDAR.next_workday(date(2026, 10, 8)) == date(2026, 10, 8)


@given(start=days, count=counts)
def test_between_counts_what_add_added(start: date, count: int) -> None:
    end, _ = CALENDAR.add(start, count)
    assert CALENDAR.between(start, end) == count
    assert CALENDAR.between(end, start) == -count
    assert count == 0 or CALENDAR.is_workday(end)


@given(start=days, count=st.integers(0, 60))
def test_add_agrees_with_walking_day_by_day(start: date, count: int) -> None:
    day, left = start, count
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.is_workday(day)
    assert CALENDAR.add(start, count)[0] == day


@given(a=days, b=days, c=days)
def test_between_is_additive(a: date, b: date, c: date) -> None:
    assert CALENDAR.between(a, c) == CALENDAR.between(a, b) + CALENDAR.between(b, c)


@given(day=days)
def test_next_workday_is_the_nearest(day: date) -> None:
    found = CALENDAR.next_workday(day)
    assert CALENDAR.is_workday(found)
    assert not any(CALENDAR.is_workday(day + timedelta(days=n)) for n in range((found - day).days))


def test_seed_names_the_days_in_chinese() -> None:
    rows = {day: (is_workday, note) for day, is_workday, note in ROWS}
    assert rows[date(2026, 1, 1)] == (False, "元旦")
    assert rows[date(2026, 2, 14)] == (True, "春节调休上班")
    assert {day.year for day, _, _ in seed_days([2025])} == {2025}
    assert seed_days([1990]) == []


def test_every_published_year_is_known_after_seeding() -> None:
    years = published_years()
    rows = seed_days(years)
    assert years_known_from(day for day, _, _ in rows) == set(years)
    assert len({day for day, _, _ in rows}) == len(rows)


def test_single_day_at_the_years_end_does_not_make_a_year_known() -> None:
    assert years_known_from([date(2027, 12, 31), date(2028, 1, 1)]) == {2028}


@pytest.mark.django_db
def test_loaded_calendar_follows_every_edit() -> None:
    CalendarDay.objects.all().delete()
    assert load_working_days().add(date(2026, 9, 30), 1) == (date(2026, 10, 1), True)

    CalendarDay.objects.bulk_create(CalendarDay(day=d, is_workday=w, note=n) for d, w, n in seed_days([2026]))
    loaded = load_working_days()
    assert loaded.add(date(2026, 9, 30), 1) == (date(2026, 10, 8), False)
    assert load_working_days() is loaded

    CalendarDay.objects.filter(day=date(2026, 10, 7)).update(is_workday=True)
    assert load_working_days().add(date(2026, 9, 30), 1) == (date(2026, 10, 7), False)
