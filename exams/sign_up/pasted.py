"""Reads a list of ID numbers as clerks paste or upload it: any separators, names beside, one or many in a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError

from common.tabular.cells import as_text
from common.tabular.column import Column
from common.tabular.given_lists import limited, lines_of_table_or_text
from common.tabular.row import Row
from common.text.id_number import even_id_number, normalise_id_number
from common.text.names import normalise_name
from common.text.signs import half_width

COLUMNS = (
    Column("name", "姓名", ("人员姓名", "考生姓名"), parse=as_text(str), example="张三"),
    Column(
        "id_number",
        "身份证号",
        ("身份证号码", "公民身份号码", "证件号码", "证件号", "身份证"),
        required=True,
        parse=as_text(str),
        sensitive=True,
        example="360102199001010011",
    ),
)
_SEPARATORS = re.compile(r"[\s,;，；、|/]+")
_PIECES = re.compile(r"([^0-9A-Za-z]*)([0-9A-Za-z\u2160\u2179Хх‐-―-]*)(.*)")
_GROUPED = re.compile(r"(?<![0-9A-Za-z])([0-9]{6})[ \u3000-]([0-9]{8})[ \u3000-]([0-9]{3}[0-9Xx])(?![0-9A-Za-z])")
"""A number in the three groups in which forms print it; its blanks separate no people."""
_TELEPHONE = re.compile(r"1[3-9][0-9]{9}")
_DIGITS = re.compile("[0-9]")
_LABELS = re.compile("(公民|居民)?(身份|证件)证?(号码?)?[:：]?|姓名[:：]?")
_LEAST_DIGITS = 6
"""With fewer digits a word is a serial number, and no number of a person."""


@dataclass(frozen=True)
class Line:
    """`number` is normalised; where it cannot be read it stays blank, and `problem` says why. `text` is as it was given."""

    place: int
    name: str
    text: str
    number: str = ""
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def lines_of_text(text: str) -> list[Line]:
    """Raises ValidationError for more than `MOST_LINES`, or for a text in which there is nothing."""
    found = list(_lines(text))
    if not found:
        raise ValidationError("请粘贴身份证号，或者选择要上传的表格。", code="empty")
    return limited(found)


def lines_of_file(content: bytes, name: str) -> list[Line]:
    return lines_of_table_or_text(content, name, COLUMNS, of_row=_of_row, of_text=lines_of_text, is_list=_has_numbers)


def _of_row(row: Row) -> Line:
    said = "".join(dict.fromkeys(problem.sentence for problem in row.problems))
    return _line(row.number, str(row.values["name"] or ""), str(row.values["id_number"] or ""), said)


def _has_numbers(text: str) -> bool:
    return any(line.number for line in _lines(text))


def _lines(text: str) -> Iterator[Line]:
    for place, written in enumerate(text.splitlines(), 1):
        pairs = _pairs(written)
        for name, number in pairs:
            yield _line(place, name, number, "")
        if not pairs and (said := _LABELS.sub("", written).strip(" ,;，；、|\t")):
            yield Line(place, said[:40], written.strip()[:40], problem="这一行没有身份证号码。")


def _pairs(written: str) -> list[tuple[str, str]]:
    """Answers the numbers of a line, each with the name beside it."""
    names: list[str] = []
    numbers: list[tuple[str, str]] = []
    together = _GROUPED.sub(r"\1\2\3", half_width(written))
    for word in filter(None, _SEPARATORS.split(together)):
        before, number, after = (part.strip() for part in _PIECES.fullmatch(word).groups())  # type: ignore[union-attr]
        if len(_DIGITS.findall(number)) < _LEAST_DIGITS:
            if not _DIGITS.search(word):
                names.append(word)
            continue
        names += [before] if before else []
        numbers.append((_name(names), number))
        names = [after] if after else []
    people = [pair for pair in numbers if not _TELEPHONE.fullmatch(pair[1])] or numbers
    if len(people) == 1 and not people[0][0]:
        return [(_name(names), people[0][1])]
    return people


def _name(words: list[str]) -> str:
    return " ".join(filter(None, (_LABELS.sub("", word).strip(" :：.") for word in words)))[:40]


def _line(place: int, name: str, text: str, problem: str) -> Line:
    number = ""
    if not problem:
        try:
            number = normalise_id_number(text)
        except ValidationError as error:
            problem = "".join(error.messages)
    return Line(place, normalise_name(name), even_id_number(text)[:40], number, problem)
