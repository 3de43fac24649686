"""Finds the row that names the columns among the first rows of a source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from common.text.chinese import half_width, without_blanks

from .cells import clean_cell, clean_text, meant, shown, without_id_numbers
from .column import REASON_TITLE, Column
from .csv_source import CsvSource
from .errors import TableError

if TYPE_CHECKING:
    from .xlsx_source import XlsxSource

    Source = CsvSource | XlsxSource

HEADER_ROWS = 5
_BRACKETED = re.compile(r"\([^()]*\)$")
_UNNAMED = re.compile(r"（第\d+列）")
_ODD_DELIMITERS = {
    "，": "全角逗号（，）",
    "、": "顿号（、）",
    "；": "全角分号（；）",
    "|": "竖线（|）",
    "｜": "全角竖线（｜）",
}


@dataclass(frozen=True)
class Header:
    source: Source
    row: int
    titles: list[str]
    places: dict[str, list[int]]
    broken: TableError | None = None


def best_header(source: Source, known: dict[str, Column]) -> Header | None:
    """Answers the row with most known titles; None for a source without any content that can be read."""
    found: list[Header] = []
    broken: TableError | None = None
    rows = islice(enumerate(source.rows(), 1), HEADER_ROWS)
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            break
        except TableError as error:
            broken = error
            break
        if titles := _titles(cells):
            found.append(Header(source, number, titles, _matches(titles, known)))
    if not found:
        return Header(source, 0, [], {}, broken) if broken else None
    best = max(found, key=lambda one: len(one.places))
    return Header(source, best.row, best.titles, best.places, broken)


def places_of(header: Header, columns: Sequence[Column]) -> dict[str, int]:
    """Raises TableError if a needed column is missing or is there twice."""
    for places in header.places.values():
        if len(places) > 1:
            where = "、".join(str(place + 1) for place in places)
            raise TableError(f"“{header.titles[places[0]]}”列出现了 {len(places)} 次（第 {where} 列）：请只保留一列。")
    _check_required(header, columns)
    return {key: places[0] for key, places in header.places.items()}


def unknown_titles(titles: Sequence[str], places: dict[str, int]) -> list[str]:
    wanted = set(places.values())
    return [
        title
        for place, title in enumerate(titles)
        if place not in wanted and title != REASON_TITLE and not _UNNAMED.fullmatch(title)
    ]


def columns_by_title(columns: Sequence[Column]) -> dict[str, Column]:
    known: dict[str, Column] = {}
    for column in columns:
        for title in (column.title, *column.aliases):
            if known.setdefault(_title_key(title), column) is not column:
                raise ValueError(f"two columns share the title {title}")
    return known


def odd_delimiter(source: Source, known: dict[str, Column]) -> str | None:
    """Answers the name of a sign by which the first rows have known columns, though no program writes csv with it."""
    if not isinstance(source, CsvSource):
        return None
    for line in source.first_lines(HEADER_ROWS):
        for sign, name in _ODD_DELIMITERS.items():
            if len(_matches(_titles(line.split(sign)), known)) > 1:
                return name
    return None


def _titles(cells: Sequence[object]) -> list[str]:
    texts = [without_blanks(meant(clean_text(shown(clean_cell(cell))))) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    titles: list[str] = []
    taken: set[str] = set()
    for place, title in enumerate(texts, 1):
        title = title or f"（第{place}列）"
        titles.append(f"{title}（第{place}列）" if title in taken and title != REASON_TITLE else title)
        taken.add(titles[-1])
    return titles


def _title_key(title: str) -> str:
    return half_width(title).strip("*:'\"").casefold()


def _matches(titles: Sequence[str], known: dict[str, Column]) -> dict[str, list[int]]:
    """Answers places by key; a remark in brackets after a title, as in 身份证号（必填）, is ignored."""
    found: dict[str, list[int]] = {}
    for place, title in enumerate(titles):
        key = _title_key(title)
        column = known.get(key) or known.get(_BRACKETED.sub("", key).strip("*:"))
        if column is not None:
            found.setdefault(column.key, []).append(place)
    return found


def _check_required(header: Header, columns: Sequence[Column]) -> None:
    if not header.places:
        needed = "、".join(column.title for column in columns if column.required) or columns[0].title
        raise TableError(f"前 {HEADER_ROWS} 行内没有找到表头：需要的列有{needed}。")
    missing = [column for column in columns if column.required and column.key not in header.places]
    if missing:
        named = "、".join(
            f"“{column.title}”" + (f"（也可写作{'、'.join(column.aliases)}）" if column.aliases else "")
            for column in missing
        )
        found = "、".join(title for title in header.titles if not _UNNAMED.fullmatch(title))
        raise TableError(f"缺少必需的列：{named}。读到的表头是：{without_id_numbers(found)[:200]}。")
