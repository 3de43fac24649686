from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from common import dates
from common.dates import (
    add_months,
    chinese_date,
    chinese_datetime,
    months_before,
    next_term_start,
    parse_date,
    term_end,
)
from tests.clock import Clock

days = st.dates(date(1901, 1, 1), date(2096, 12, 31))


def test_today_is_the_date_in_shanghai(clock: Clock):
    clock.stop_at(datetime(2026, 11, 22, 16, 0, tzinfo=UTC))
    assert dates.today() == date(2026, 11, 23)
    clock.stop_at(datetime(2026, 11, 22, 15, 59, tzinfo=UTC))
    assert dates.today() == date(2026, 11, 22)
    assert dates.now().hour == 23


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2021, 3, 1), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2026, 11, 22), date(2029, 11, 21)),
        (date(2026, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_term_is_three_years_less_a_day(start: date, end: date):
    assert term_end(start) == end


@given(days)
def test_terms_follow_each_other_without_gap(start: date):
    end = term_end(start)
    assert next_term_start(end) == end + timedelta(days=1)
    assert end.year - start.year in (2, 3)
    assert 3 * 365 <= (end - start).days + 1 <= 3 * 365 + 1


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 15), 6, date(2026, 7, 15)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
    ],
)
def test_months_are_clamped_to_the_end_of_the_month(day: date, months: int, result: date):
    assert add_months(day, months) == result


@given(days, st.integers(-24, 24))
def test_months_land_in_the_month_they_name(day: date, months: int):
    result = add_months(day, months)
    assert result.year * 12 + result.month == day.year * 12 + day.month + months
    assert result.day == day.day or (result + timedelta(days=1)).day == 1


def test_window_for_the_end_of_may_opens_at_the_end_of_february():
    assert months_before(date(2027, 5, 31), 3) == date(2027, 2, 28)
    assert months_before(date(2028, 5, 31), 3) == date(2028, 2, 29)
    assert months_before(date(2027, 5, 15), 3) == date(2027, 2, 15)


def test_chinese_forms():
    assert chinese_date(date(2026, 11, 22)) == "2026年11月22日"
    assert chinese_date(date(2019, 4, 1)) == "2019年4月1日"
    assert chinese_datetime(datetime(2026, 11, 22, 1, 12, tzinfo=UTC)) == "2026年11月22日 09:12"
    assert chinese_date(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == "2026年11月23日"


@pytest.mark.parametrize(
    "value",
    [
        "2019-04-01",
        "2019/4/1",
        "2019.4.1",
        "20190401",
        "2019年4月1日",
        "2019年04月01日",
        "2019年4月1号",
        "２０１９－０４－０１",
        " 2019 年 4 月 1 日 ",
        "2019-04-01 00:00:00",
        "2019-04-01T08:30",
        "43556",
        "43556.0",
        43556,
        43556.5,
        20190401,
        20190401.0,
        date(2019, 4, 1),
        datetime(2019, 4, 1, 8, 30),
        datetime(2019, 3, 31, 17, 0, tzinfo=UTC),
    ],
)
def test_every_form_of_a_date_is_read(value: str | int | float | date):
    parsed = parse_date(value)
    assert parsed == date(2019, 4, 1)
    assert type(parsed) is date


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "empty"),
        ("", "empty"),
        ("　", "empty"),
        ("2019-02-29", "no_such_day"),
        ("2019年13月1日", "no_such_day"),
        ("20190431", "no_such_day"),
        ("0001-01-01", "year"),
        ("2999-01-01", "year"),
        ("长期", "unreadable"),
        ("2019-4/1", "unreadable"),
        ("19-4-1", "unreadable"),
        ("2019-4", "incomplete"),
        ("٢٠١٩-٠٤-٠١", "unreadable"),
        (True, "unreadable"),
        (5, "unreadable"),
        ("60", "unreadable"),
        (float("nan"), "unreadable"),
        (float("inf"), "unreadable"),
        (-43556, "unreadable"),
        (99_999, "unreadable"),
    ],
)
def test_what_is_no_date_is_refused_with_its_cause(value: str | int | float | None, code: str):
    with pytest.raises(ValidationError) as caught:
        parse_date(value)
    assert caught.value.code == code
    assert len(caught.value.messages) == 1


@given(days)
def test_every_day_survives_each_form(day: date):
    for form in (f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}", chinese_date(day)):
        assert parse_date(form) == day


@given(st.dates(date(1954, 1, 1), date(2100, 12, 31)))
def test_every_day_number_of_a_spreadsheet_is_its_day(day: date):
    serial = (day - date(1899, 12, 30)).days
    assert [parse_date(form) for form in (serial, str(serial), serial + 0.75)] == [day] * 3


@pytest.mark.parametrize(
    "value",
    [
        *("2019", 2019, 2019.0, "2022.0", "2019年", "2019年度", "２０１９", 1900, 2100, 1953.5),
        *(2019.1, "2019.4", "2019.10", "2019-04", "2019/4", "2019、4", "2019年4月", "2019年4月份", "201904", 201904),
    ],
)
def test_reading_b2_a_year_or_a_month_is_no_date(value: str | int | float):
    with pytest.raises(ValidationError, match="只有年份／年月，请写到日，如 2019-04-01"):
        parse_date(value)


@pytest.mark.parametrize("value", [61, 365, 1899, 2101, 19_724, 73_416, "19724", "73416", "365.25", "2101", 0, -1])
def test_reading_b2_day_numbers_outside_1954_to_2100_are_no_dates(value: str | int):
    with pytest.raises(ValidationError, match="无法识别的日期"):
        parse_date(value)


@pytest.mark.parametrize(
    "value", ["长期", "2019.4.31", "2019-02-29", "19.4.1", "43 556", "4,3556", "4.3556E4", "2019 41"]
)
def test_reading_b2_what_was_refused_rightly_stays_refused(value: str):
    with pytest.raises(ValidationError):
        parse_date(value)


@pytest.mark.parametrize(
    "written",
    [
        "2019-04-01T00:00:00+08:00",
        "2019-04-01T00:00:00.000+0800",
        "2019-03-31T16:00:00Z",
        "2019-03-31T16:00:00.000Z",
        "2019、4、1",
        "2019 04 01",
        "2019—04—01",
        "2019-04-01 上午12:00",
        "2019-4-1 下午3:05:00",
        "2019/4/1 12:00:00 AM",
        "2019年4月1日星期一",
        "2019年4月1日 0时0分0秒",
        "20190401.0",
    ],
)
def test_reading_m9_further_ways_to_write_a_day(written: str):
    assert parse_date(written) == date(2019, 4, 1)


@pytest.mark.parametrize("written", ["2019年4月1日星期二", "2019-04-01 25:00", "2019-04-01 上午13:00", "2019-04-01T"])
def test_reading_m9_contradictions_are_refused(written: str):
    with pytest.raises(ValidationError):
        parse_date(written)


@given(st.text(max_size=20) | st.floats() | st.integers())
def test_garbage_is_a_date_or_a_sentence(value: str | float | int):
    try:
        outcome: object = parse_date(value)
    except ValidationError as refusal:
        outcome = refusal
    assert isinstance(outcome, date) or (isinstance(outcome, ValidationError) and len(outcome.messages) == 1)
