"""The value of one cell, and the readers that columns share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from django.core.exceptions import ValidationError

from common.dates import parse_date
from common.text.masking import mask_id_number

T = TypeVar("T")

Cell = str | int | float | date
"""A cell that is not empty; csv knows only text."""

FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "########"})
DIGITS_LOST = "Excel 把这个号码存成了数字，末几位已经丢失：请先把该列设为“文本”格式，再重新填写。"

_ODD = re.compile(r"[\u3000\u00a0\u2000-\u200f\u202a-\u202e\u2060\ufeff０-９]")
_ODD_TABLE = {ord("０") + n: str(n) for n in range(10)}
_ODD_TABLE |= {0x3000: " ", 0x00A0: " "} | dict.fromkeys(range(0x2000, 0x200B), " ")
_ODD_TABLE |= dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF), "")
_GUARDED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{15,17}[\dXx]?(?!\d)")
_PRECISE_BELOW = 10**15
"""A spreadsheet keeps 15 significant digits of a number."""


def clean_cell(value: object) -> Cell | None:
    """Full-width digits and all kinds of blanks made plain; None when nothing is left."""
    if isinstance(value, str):
        return clean_text(value) or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, int | float | date):
        return value
    return str(value)


def clean_text(text: str) -> str:
    # This runs for every cell of a million rows: plain text costs as little as can be.
    if not text.isascii() and _ODD.search(text):
        text = text.translate(_ODD_TABLE)
    text = text.strip()
    # The quote that our own report of bad rows puts before a formula sign.
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def shown(value: Cell | None) -> str:
    """As a person reads it in the file."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < _PRECISE_BELOW:
        return str(int(value))
    return str(value)


def masked(value: Cell | None, *, sensitive: bool) -> str:
    """For reports: short, and without an ID number even where one stands in a wrong column."""
    text = shown(value)
    return mask_id_number(text)[:40] if sensitive else without_id_numbers(text)[:40]


def without_id_numbers(text: str) -> str:
    return _LONG_NUMBER.sub(lambda match: mask_id_number(match[0]), text)


def text(value: Cell) -> str:
    if isinstance(value, str):
        if "+" in value and _SCIENTIFIC.fullmatch(value):
            raise ValidationError(DIGITS_LOST, code="digits-lost")
        return value
    if isinstance(value, int | float) and abs(value) >= _PRECISE_BELOW:
        raise ValidationError(DIGITS_LOST, code="digits-lost")
    return shown(value)


def as_text(parse: Callable[[str], T]) -> Callable[[Cell], T]:
    return lambda value: parse(text(value))


def day(value: Cell) -> date:
    return parse_date(value)


def number(value: Cell) -> Decimal:
    try:
        found = Decimal(shown(value).replace(",", "").replace("，", ""))
    except InvalidOperation as error:
        raise ValidationError("这里应填写数字。", code="number") from error
    if not found.is_finite():
        raise ValidationError("这里应填写数字。", code="number")
    return found


_YES = frozenset({"是", "有", "1", "Y", "YES", "TRUE", "√", "✓"})
_NO = frozenset({"否", "无", "0", "N", "NO", "FALSE", "×", "✗"})


def yes_no(value: Cell) -> bool:
    word = shown(value).upper()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValidationError("这里应填写“是”或“否”。", code="yes-no")
