"""Dates and terms. Every date of the portal is a date in Asia/Shanghai."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone

from common.text.chinese import half_width, without_blanks

SHANGHAI = ZoneInfo("Asia/Shanghai")
TERM_YEARS = 3

_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_SERIALS = range(61, 73_051)
"""1900-03-01 (before it Excel counts a day that never was) to 2100-01-01."""
_YEARS = range(1900, 2101)
_SEPARATED = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_TIME_OF_DAY = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", re.ASCII)


def now() -> datetime:
    """Aware, in Asia/Shanghai."""
    return timezone.now().astimezone(SHANGHAI)


def today() -> date:
    return now().date()


def midnight(day: date) -> datetime:
    """The first moment of the day in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def add_months(day: date, months: int) -> date:
    """Clamped to the end of the month: 31 August + 6 months is 28 or 29 February. Negative months go back."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def months_before(end: date, months: int) -> date:
    """First day of a window that opens so many months before `end`: for 31 May and 3 months 28 or 29 February."""
    return add_months(end, -months)


def term_end(start: date, years: int = TERM_YEARS) -> date:
    """Start + years − 1 day, where 29 February + 3 years is 1 March."""
    try:
        anniversary = start.replace(year=start.year + years)
    except ValueError:  # 29 February in a common year
        anniversary = date(start.year + years, 3, 1)
    return anniversary - timedelta(days=1)


def next_term_start(old_end: date) -> date:
    return old_end + timedelta(days=1)


def chinese_date(day: date) -> str:
    """2026年11月22日. A datetime is first taken to Asia/Shanghai."""
    if isinstance(day, datetime) and timezone.is_aware(day):
        day = day.astimezone(SHANGHAI)
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_datetime(moment: datetime) -> str:
    """2026年11月22日 09:12 in Asia/Shanghai."""
    local = moment.astimezone(SHANGHAI) if timezone.is_aware(moment) else moment
    return f"{chinese_date(local)} {local:%H:%M}"


def parse_date(value: str | int | float | date | None) -> date:
    """A date as offices write it, or as a spreadsheet hands it over.

    2019-04-01, 2019/4/1, 2019.4.1, 20190401, 2019年4月1日, with or without a time of day, full-width digits, and the
    serial numbers of Excel. Raises ValidationError with one sentence.
    """
    if isinstance(value, datetime):
        return (value.astimezone(SHANGHAI) if timezone.is_aware(value) else value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        raise _unreadable(value)
    if isinstance(value, int | float):
        return _from_number(value)
    return _from_text(value or "")


def _from_text(text: str) -> date:
    trimmed = half_width(text).strip()
    if not trimmed:
        raise ValidationError("请填写日期。", code="empty")
    compact = without_blanks(_TIME_OF_DAY.sub("", trimmed))
    if match := _SEPARATED.fullmatch(compact):
        return _real_date(match[1], match[3], match[4], shown=trimmed)
    if match := _CHINESE.fullmatch(compact) or _COMPACT.fullmatch(compact):
        return _real_date(match[1], match[2], match[3], shown=trimmed)
    if re.fullmatch(r"[0-9]{2,5}(\.[0-9]+)?", compact):
        return _from_number(float(compact))
    raise _unreadable(trimmed)


def _from_number(number: int | float) -> date:
    if 10_000_000 <= number <= 99_999_999 and number == int(number):
        return _from_text(str(int(number)))
    # NaN compares false with everything and ends here too.
    if not _EXCEL_SERIALS.start <= number < _EXCEL_SERIALS.stop:
        raise _unreadable(number)
    return _EXCEL_DAY_ZERO + timedelta(days=int(number))


def _real_date(year: str, month: str, day: str, *, shown: str) -> date:
    if int(year) not in _YEARS:
        raise ValidationError(f"日期的年份不合理：{shown[:20]}", code="year")
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise ValidationError(f"日期不存在：{shown[:20]}", code="no_such_day") from error


def _unreadable(value: object) -> ValidationError:
    return ValidationError(f"无法识别的日期：{str(value)[:20]}，请写成 2019-04-01 的形式。", code="unreadable")
