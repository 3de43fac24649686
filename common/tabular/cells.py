"""Reads the value of one cell, with the readers that columns share."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from django.core.exceptions import ValidationError

from common.dates import FIRST_SERIAL_DAY, LAST_SERIAL_DAY, chinese_date, parse_date
from common.text.chinese import half_width, single_blanks, without_blanks
from common.text.lengths import up_to
from common.text.masking import mask_id_number
from common.text.signs import visible

T = TypeVar("T")

Cell = str | int | float | date
"""A cell is not empty; csv knows only text."""


class Percentage(float):
    """Is a number whose cell shows it with a percent sign: 0.9 reads 90%."""


class Serial1904(float):
    """Is a plain number in a workbook that counts its days from 1904."""


class Exact(str):
    """Is a text that the file guards against being taken for a number, as in ="36…" or '36…."""

    __slots__ = ()


class Unread(Enum):
    """Names cells in which people see something that the file does not hold. The value is the sentence for them."""

    NO_RESULT = "单元格是公式，没有计算结果：请用表格软件打开并保存，或粘贴为值。"
    ACROSS_COLUMNS = "单元格与旁边的列合并在一起，看不出内容属于哪一列：请取消合并单元格，逐格填写。"


FORMULA_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"}
    | {"#CONNECT!", "#UNKNOWN!", "#BUSY!", "#GETTING_DATA"}
    | {"#" * length for length in range(2, 31)}
)
DIGITS_LOST = "Excel 把这个号码存成了数字，末几位已经丢失：请先把该列设为“文本”格式，再重新填写。"
CONTROL_CHARACTERS = "内容里有看不见的控制字符或无法显示的字符，可能是复制或转码时带入的：请删去后重新填写。"
_DAYS_TO_1904 = timedelta(days=1462)

_ODD = re.compile(r"[\u3000\u00a0\u2000-\u200a０-９]")
_ODD_TABLE = {ord("０") + n: str(n) for n in range(10)}
_ODD_TABLE |= {0x3000: " ", 0x00A0: " "} | dict.fromkeys(range(0x2000, 0x200B), " ")
GUARDED_SIGNS = "=+-@\t\r\n＝＋－＠"
"""A spreadsheet takes a text that begins with one of these for a formula; our own files put a quote before it."""
_GUARDED = re.compile(f"'(?=[{re.escape(GUARDED_SIGNS)}])")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_APOSTROPHES = "'`´‘’＇｀"
_FORMULA_SIGNS = "=＝"
_GUARDS = frozenset(_APOSTROPHES + _FORMULA_SIGNS)
_FORMULA_OF_TEXT = re.compile('[=＝]\\s*"((?:[^"]|"")*)"')
_IDEOGRAPHIC = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+\d+|\d[.,]\d+E\d+|\dE1[2-9]|\dE[2-9]\d")
_ROUNDED = re.compile(r"[1-9]\d{14}000(0*)")
"""Such numbers have 18 digits and more, of which a spreadsheet kept 15."""
_POINT_ZERO = re.compile(r"(\d{11,})\.0+")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{15,17}[\dXx]?(?!\d)")
_PRECISE_BELOW = 10**15
"""A spreadsheet keeps 15 significant digits of a number."""
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?", re.ASCII)


def clean_cell(value: object) -> Cell | None:
    """Makes full-width digits and all kinds of blanks plain; answers None when nothing is left."""
    if isinstance(value, str):
        return clean_text(value) or None
    if value is None or isinstance(value, Unread):
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, int | float | date):
        return value
    return str(value)


def clean_text(text: str) -> str:
    # This runs for every cell of a million rows, so plain text has to be fast.
    if "_x" in text:
        text = _decoded(text)
    if not text.isascii():
        text = visible(text)
        if _ODD.search(text):
            text = text.translate(_ODD_TABLE)
    text = text.strip()
    # Our own report of bad rows puts this quote before a formula sign.
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def _decoded(text: str) -> str:
    """Workbooks write characters that XML forbids, and line ends, as _x000D_; a plain _x as _x005F_x."""
    decoded = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def meant(text: str) -> str:
    """Answers what a clean text of the file means: without the guards against spreadsheets, on one line.

    The forms ="36…", '36… and `36… keep a spreadsheet from taking a text for a number.
    """
    if text[:1] not in _GUARDS and text.isprintable():
        return text
    bare = text
    for _ in range(3):
        if match := _FORMULA_OF_TEXT.fullmatch(bare):
            bare = clean_text(match[1].replace('""', '"'))
        elif bare and bare[0] in _APOSTROPHES:
            paired = len(bare) > 2 and bare[-1] in _APOSTROPHES
            bare = clean_text(bare[1:-1] if paired else bare[1:])
    if not bare.isprintable():
        bare = _on_one_line(bare.replace("\t", " "))
    return bare if bare == text else Exact(bare)


def _on_one_line(text: str) -> str:
    """Nothing comes between ideographs, where a line may break anywhere; elsewhere a blank."""
    parts: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if parts and not (_IDEOGRAPHIC.match(parts[-1][-1]) and _IDEOGRAPHIC.match(line[0])):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def check_readable(value: Cell) -> None:
    """Raises ValidationError where a cell holds no content that a column could read."""
    if isinstance(value, str):
        if value[0] == "#" and value in FORMULA_ERRORS:
            raise ValidationError("单元格里是公式错误，请改成实际内容。")
        if ("\ufffd" in value or not value.isprintable()) and _CONTROL.search(value):
            raise ValidationError(CONTROL_CHARACTERS, code="control-characters")
        if value[0] in _FORMULA_SIGNS:
            raise ValidationError(Unread.NO_RESULT.value, code="formula")


def is_long_number(value: Cell) -> bool:
    """The number has 18 digits and more, the last of which may be the X of an ID number."""
    return isinstance(value, str) and len(value) >= 18 and value[:-1].isdigit() and value[-1] in "0123456789Xx"


def is_rounded(value: Cell) -> bool:
    """Says whether a long number may have lost its last digits. A guarded one is exact."""
    return type(value) is str and value.endswith("000") and bool(_ROUNDED.fullmatch(value))


def shown(value: Cell | None) -> str:
    """Writes the value as a person reads it in the file."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Percentage):
        return f"{value * 100:.15g}%"
    if isinstance(value, float) and abs(value) < _PRECISE_BELOW:
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    return str(value)


def masked(value: Cell | None, *, sensitive: bool) -> str:
    """Writes the value for reports: short, and without an ID number even if one stands in a wrong column."""
    text = shown(value)
    return mask_id_number(text)[:40] if sensitive else without_id_numbers(text)[:40]


def without_id_numbers(text: str) -> str:
    return _LONG_NUMBER.sub(lambda match: mask_id_number(match[0]), text)


def text(value: Cell) -> str:
    if isinstance(value, str):
        if ("E" in value or "e" in value or "Ｅ" in value or "ｅ" in value) and _is_scientific(value):
            raise ValidationError(DIGITS_LOST, code="digits-lost")
        return _without_point(value) if value.endswith("0") and "." in value else value
    if isinstance(value, int | float) and not abs(value) < _PRECISE_BELOW:
        raise ValidationError(DIGITS_LOST, code="digits-lost")
    return shown(value)


def _without_point(value: str) -> str:
    """Programs that took a long number for a measure write it with .0 behind."""
    match = _POINT_ZERO.fullmatch(value)
    if match is None:
        return value
    if len(match[1]) > len(str(_PRECISE_BELOW)) - 1:
        raise ValidationError(DIGITS_LOST, code="digits-lost")
    return match[1]


def _is_scientific(value: str) -> bool:
    return bool(_SCIENTIFIC.fullmatch(half_width(value).upper().replace(" ", "")))


def as_text(parse: Callable[[str], T]) -> Callable[[Cell], T]:
    return lambda value: parse(text(value))


def words_up_to(length: int) -> Callable[[Cell], str]:
    """Leaves one blank between two words."""
    return as_text(lambda words: up_to(length, single_blanks(words)))


def number_up_to(length: int) -> Callable[[Cell], str]:
    """Reads the number of a paper or a project, which has no blanks."""
    return as_text(lambda code: up_to(length, without_blanks(half_width(code))))


def day(value: Cell) -> date:
    """Raises ValidationError also for days so long ago that only a year taken for a day number can stand behind them."""
    if isinstance(value, Percentage):
        raise ValidationError("这里应填写日期，如 2019-04-01，现为百分数。", code="percentage")
    found = parse_date(value)
    if isinstance(value, Serial1904) and value < 10_000_000:
        found += _DAYS_TO_1904
    if found > LAST_SERIAL_DAY:
        raise ValidationError(f"日期的年份不合理：{chinese_date(found)}", code="year")
    if found < FIRST_SERIAL_DAY:
        sentence = f"日期 {chinese_date(found)}过早：如果填的只有年份／年月，请写到日，如 2019-04-01。"
        raise ValidationError(sentence, code="too-early")
    return found


def number(value: Cell) -> Decimal:
    """A comma only separates thousands: whoever writes 8,5 means something else than 85."""
    if isinstance(value, Percentage) or (isinstance(value, str) and half_width(value).strip().endswith("%")):
        raise ValidationError(f"这里应填写数字，不能是百分数（{shown(value)[:20]}）。", code="percentage")
    if isinstance(value, int | float):
        if not (math.isfinite(value) and abs(value) < _PRECISE_BELOW):
            raise ValidationError("这里应填写数字。", code="number")
        return Decimal(f"{value:.15g}")
    plain = half_width(value).strip() if isinstance(value, str) else ""
    if _PLAIN_NUMBER.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    if "," in plain:
        raise ValidationError("数字中的逗号看不出意思：小数请用小数点，如 8.5。", code="number")
    if re.fullmatch(r"[+-]?[\d.]+[eE][+-]?\d+", plain):
        raise ValidationError("请写成普通数字，如 60，不要用科学记数法。", code="number")
    raise ValidationError("这里应填写数字。", code="number")
