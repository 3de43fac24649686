"""Fills merged cells: only the first of a range has a value in the file, while people see it in all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from .cells import Unread
from .errors import TableError

MOST_RANGES = 100_000
MOST_AT_ONCE = 1_000
"""Ranges that do not overlap are no more in a row than it has columns."""
_END_OF_ROWS = re.compile(rb"</(\w+:)?sheetData\s*>|<(\w+:)?sheetData\s*/>")
_RANGE = re.compile(
    rb'mergeCell\s[^>]{0,200}?ref\s{0,9}=\s{0,9}["\']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})["\']'
)
_BLOCK = 1 << 20
_LONGEST_TAG = 100

Range = tuple[int, int, int, int]
"""The numbers are first row, first column, last row and last column, counted from 1."""


def merged_ranges(sheet: BinaryIO) -> list[Range]:
    """Answers the ranges in the order of their first rows. They stand behind the rows, so the whole part is read
    once.
    """
    kept = b""
    while block := sheet.read(_BLOCK):
        kept += block
        if match := _END_OF_ROWS.search(kept):
            found = {_range(one) for one in _RANGE.finditer(kept[match.end() :] + sheet.read())}
            if len(found) > MOST_RANGES:
                raise TableError("合并单元格过多，无法读取：请取消合并单元格后再上传。")
            return sorted(found)
        kept = kept[-_LONGEST_TAG:]
    return []


def _range(match: re.Match[bytes]) -> Range:
    return int(match[2]), _column(match[1]), int(match[4]), _column(match[3])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


class Merges:
    """Fills the rows of one pass, which come in their order."""

    def __init__(self, ranges: list[Range], *, below: int) -> None:
        """Ranges that begin in the row `below` or above it belong to the header, and fill nothing."""
        self._coming: Iterator[Range] = (one for one in ranges if one[0] > below)
        self._next = next(self._coming, None)
        self._active: list[tuple[Range, object]] = []

    def fill(self, number: int, cells: list[object]) -> None:
        """Downwards the value is meant for every row. Across columns nobody knows for which it is meant."""
        if not self._active and (self._next is None or self._next[0] > number):
            return
        self._active = [(one, value) for one, value in self._active if one[2] >= number]
        covered = {place for one, _ in self._active for place in _places(one, len(cells))}
        is_blank = all(cell is None for place, cell in enumerate(cells) if place not in covered)
        for one, value in self._active:
            _spread(one, None if is_blank else value, cells)
        while self._next is not None and self._next[0] <= number:
            one, self._next = self._next, next(self._coming, None)
            # A range whose first row has nothing in it is empty.
            value = cells[one[1] - 1] if one[0] == number and one[1] <= len(cells) else None
            _spread(one, value, cells)
            if one[2] > number:
                self._active.append((one, value))
        if len(self._active) > MOST_AT_ONCE:
            raise TableError("合并单元格互相重叠，无法读取：请取消合并单元格后再上传。")


def _places(one: Range, width: int) -> range:
    return range(one[1] - 1, min(one[3], width))


def _spread(one: Range, value: object, cells: list[object]) -> None:
    for place in _places(one, len(cells)):
        if place == one[1] - 1:
            cells[place] = value
        else:
            cells[place] = None if value is None else Unread.ACROSS_COLUMNS
