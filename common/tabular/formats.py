"""Number formats that show something else than the value: percentages, and dates without their day or year."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.workbook import Workbook

_NOT_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
"""Texts, colours, languages, and signs that stand for themselves."""
_CHINESE_MONTHS = frozenset({27, 36, 50, 52, 57})
_CHINESE_DAYS = frozenset({28, 29, 51, 53, 54, 58})
"""Formats that Chinese spreadsheets know by number alone, source: ECMA-376 part 1, 18.8.30."""

Shown = Callable[[date], str]


def percentage_styles(workbook: Workbook) -> frozenset[int]:
    return frozenset(style for style, (_, code) in enumerate(_formats(workbook)) if "%" in code)


def incomplete_dates(workbook: Workbook) -> dict[int, Shown]:
    """Answers how a date of each style reads, where the style hides its day or its year."""
    found = {}
    for style, (number, code) in enumerate(_formats(workbook)):
        shown = _incomplete(number, _NOT_CODE.sub("", code.split(";")[0]).lower())
        if shown is not None:
            found[style] = shown
    return found


def _formats(workbook: Workbook) -> list[tuple[int, str]]:
    """Answers number and code of the format of each style."""
    own = dict(enumerate(workbook._number_formats, BUILTIN_FORMATS_MAX_SIZE))
    codes = BUILTIN_FORMATS | own
    numbers = [style.numFmtId for style in workbook._cell_styles]
    return [(number, codes.get(number, "General")) for number in numbers]


def _incomplete(number: int, code: str) -> Shown | None:
    if number in _CHINESE_MONTHS:
        return _year_and_month
    if number in _CHINESE_DAYS:
        return _month_and_day
    if code == "general":
        return None
    has_year, has_day = "y" in code or "e" in code.replace("e+", ""), "d" in code
    if has_year and not has_day:
        return _year_and_month if "m" in code else _year
    return _month_and_day if has_day and not has_year else None


def _year(day: date) -> str:
    return f"{day.year}年"


def _year_and_month(day: date) -> str:
    return f"{day.year}年{day.month}月"


def _month_and_day(day: date) -> str:
    return f"{day.month}月{day.day}日"
