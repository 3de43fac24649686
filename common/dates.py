"""Computes with dates and terms and reads and writes them. Every date of the portal is a date in Asia/Shanghai."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone

from common.text.chinese import half_width, single_blanks, without_blanks
from common.text.signs import DASHES

SHANGHAI = ZoneInfo("Asia/Shanghai")
TERM_YEARS = 3

_EXCEL_DAY_ZERO = date(1899, 12, 30)
FIRST_SERIAL_DAY, LAST_SERIAL_DAY = date(1954, 1, 1), date(2100, 12, 31)
"""Serial numbers of Excel outside of these days are years, amounts or mistakes, and never a date that anybody meant."""
_EXCEL_SERIALS = range((FIRST_SERIAL_DAY - _EXCEL_DAY_ZERO).days, (LAST_SERIAL_DAY - _EXCEL_DAY_ZERO).days + 1)
_YEARS = range(1900, 2101)
_DASHES = re.compile(f"[{DASHES}]")
_SEPARATED = re.compile(r"(\d{4})([-/.、])(\d{1,2})\2(\d{1,2})", re.ASCII)
_WITH_BLANKS = re.compile(r"(\d{4})\s+(\d{1,2})\s+(\d{1,2})", re.ASCII)
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?", re.ASCII)
_SERIAL = re.compile(r"\d{2,5}(\.\d+)?", re.ASCII)
_ONLY_YEAR = re.compile(r"(?:19|20)\d\d(?:年度?|\.0*)?|2100年?", re.ASCII)
_ONLY_MONTH = re.compile(
    r"(?:19|20)\d\d(?:(?:年|[-/.、])\d{1,2}月?份?|(?:0[1-9]|1[0-2])(?:\.0+)?)|(?:19|20)\d\d\.\d+", re.ASCII
)
_WEEKDAY = re.compile("(?:星期|周)([一二三四五六日天])$")
_TIME_OF_DAY = re.compile(
    r"(?:T|\s|(?<=[日号]))\s*(?P<half>上午|下午|凌晨|晚上)?\s*(?P<hour>\d{1,2})[:时点](?:(?P<minute>\d{1,2})分?)?"
    r"(?::?(?P<second>\d{1,2})(?:\.\d+)?秒?)?\s*(?P<noon>[AP]M)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?$",
    re.ASCII | re.IGNORECASE,
)


def now() -> datetime:
    """The moment is aware and in Asia/Shanghai."""
    return timezone.now().astimezone(SHANGHAI)


def today() -> date:
    return now().date()


def monday_of(day: date) -> date:
    """A week of work begins on its Monday."""
    return day - timedelta(days=day.weekday())


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def add_months(day: date, months: int) -> date:
    """The day is at most the end of the month: 31 August + 6 months is 28 or 29 February. Negative months go back."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def months_before(end: date, months: int) -> date:
    """Answers the first day of a window that opens so many months before `end`: for 31 May and 3 months 28 or 29
    February.
    """
    return add_months(end, -months)


def term_end(start: date, years: int = TERM_YEARS) -> date:
    """The end is start + years − 1 day, where 29 February + 3 years is 1 March."""
    try:
        anniversary = start.replace(year=start.year + years)
    except ValueError:  # 29 February in a common year
        anniversary = date(start.year + years, 3, 1)
    return anniversary - timedelta(days=1)


def full_years(since: date, on: date) -> int:
    """Answers an age: the birthdays that have passed."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def next_term_start(old_end: date) -> date:
    return old_end + timedelta(days=1)


def chinese_date(day: date) -> str:
    """Writes 2026年11月22日. A datetime is first converted to Asia/Shanghai."""
    if isinstance(day, datetime) and timezone.is_aware(day):
        day = day.astimezone(SHANGHAI)
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_datetime(moment: datetime) -> str:
    """Writes 2026年11月22日 09:12 in Asia/Shanghai."""
    local = moment.astimezone(SHANGHAI) if timezone.is_aware(moment) else moment
    return f"{chinese_date(local)} {local:%H:%M}"


def parse_date(value: str | int | float | date | None) -> date:
    """Reads a date as offices write it, or as a spreadsheet stores it.

    2019-04-01, 2019/4/1, 2019.4.1, 2019、4、1, 20190401, 2019年4月1日, with or without day of the week and time of day,
    full-width digits, and the serial numbers of Excel. A time with its zone counts in Asia/Shanghai. Raises ValidationError
    with one sentence, also for a year or a month alone, which Excel would count as days of the year 1905.
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
    plain = single_blanks(_DASHES.sub("-", trimmed))
    moment = _TIME_OF_DAY.search(plain)
    written = plain[: moment.start()] if moment else plain
    weekday = _WEEKDAY.search(written)
    written = (written[: weekday.start()] if weekday else written).strip()
    day = _day_alone(written, shown=trimmed)
    if moment:
        day = _in_shanghai(day, moment, shown=trimmed)
    if weekday and day.weekday() != "一二三四五六日".index(weekday[1].replace("天", "日")):
        raise ValidationError(f"日期与星期不符：{trimmed[:20]}，请核对。", code="weekday")
    return day


def _day_alone(written: str, *, shown: str) -> date:
    if match := _WITH_BLANKS.fullmatch(written):
        return _real_date(match[1], match[2], match[3], shown=shown)
    compact = without_blanks(written)
    if match := _SEPARATED.fullmatch(compact):
        return _real_date(match[1], match[3], match[4], shown=shown)
    if match := _CHINESE.fullmatch(compact):
        return _real_date(match[1], match[2], match[3], shown=shown)
    if _ONLY_YEAR.fullmatch(compact) or _ONLY_MONTH.fullmatch(compact):
        raise _incomplete(shown)
    # From here on a blank between digits is no way to write a number.
    if match := _COMPACT.fullmatch(written):
        return _real_date(match[1], match[2], match[3], shown=shown)
    if _SERIAL.fullmatch(written):
        return _from_number(float(written))
    raise _unreadable(shown)


def _in_shanghai(day: date, moment: re.Match[str], *, shown: str) -> date:
    """Answers the day in Asia/Shanghai; the same day if no zone is written."""
    hour, minute, second = int(moment["hour"]), int(moment["minute"] or 0), int(moment["second"] or 0)
    if moment["half"] or moment["noon"]:
        if not 0 <= hour <= 12:
            raise _unreadable(shown)
        is_late = moment["half"] in ("下午", "晚上") or (moment["noon"] or "").upper() == "PM"
        hour = hour % 12 + 12 * is_late
    try:
        at = datetime(day.year, day.month, day.day, hour, minute, second)
    except ValueError as error:
        raise _unreadable(shown) from error
    zone = moment["zone"]
    if zone is None:
        return day
    sign = -1 if zone[0] == "-" else 1
    offset = timedelta() if zone in "Zz" else sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return (at - offset + timedelta(hours=8)).date()


def _from_number(number: int | float) -> date:
    if 10_000_000 <= number <= 99_999_999 and number == int(number):
        return _from_text(str(int(number)))
    if _YEARS.start <= number < _YEARS.stop or (190_001 <= number <= 209_912 and number == int(number)):
        raise _incomplete(f"{number:.15g}")
    # NaN compares false with everything and ends here too.
    if not _EXCEL_SERIALS.start <= number < _EXCEL_SERIALS.stop:
        raise _unreadable(f"{number:.15g}")
    return _EXCEL_DAY_ZERO + timedelta(days=int(number))


def _real_date(year: str, month: str, day: str, *, shown: str) -> date:
    if int(year) not in _YEARS:
        raise ValidationError(f"日期的年份不合理：{shown[:20]}", code="year")
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise ValidationError(f"日期不存在：{shown[:20]}", code="no_such_day") from error


def _incomplete(shown: str) -> ValidationError:
    return ValidationError(f"只有年份／年月，请写到日，如 2019-04-01：{shown[:20]}", code="incomplete")


def _unreadable(value: object) -> ValidationError:
    return ValidationError(f"无法识别的日期：{str(value)[:20]}，请写成 2019-04-01 的形式。", code="unreadable")
