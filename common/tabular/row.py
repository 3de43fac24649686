"""Describes one row of a table as it was read, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cells import clean_cell, shown

ROWS_OF_SHEET = 2_000_000
"""Rows are numbered through all sheets of a workbook: the second begins at this number, since no sheet has as many
rows.
"""


@dataclass(frozen=True, slots=True)
class Problem:
    row_number: int
    column_title: str
    value_masked: str
    sentence: str


def place_of(number: int, sheet: str = "") -> str:
    """Says where a person finds the row; `sheet` is named where a workbook has several that are read."""
    said = f"第 {number % ROWS_OF_SHEET} 行"
    return f"工作表“{sheet}”{said}" if sheet else said


@dataclass(slots=True)
class Row:
    number: int
    """It is counted from 1 as a spreadsheet shows it; in later sheets the rows before them are added (see `place`)."""
    values: dict[str, object]
    """Values are parsed, by the key of the column; None where empty, not in the file, or wrong."""
    problems: list[Problem]
    cells: Sequence[object]
    titles: Sequence[str]
    sheet: str = ""

    @property
    def place(self) -> str:
        return place_of(self.number, self.sheet)

    @property
    def raw(self) -> dict[str, str]:
        """Answers the texts of the file, unknown columns included, by the title there."""
        texts = [shown(clean_cell(cell)) for cell in self.cells[: len(self.titles)]]
        return dict(zip(self.titles, texts + [""] * (len(self.titles) - len(texts)), strict=True))
