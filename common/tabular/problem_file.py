"""Writes the bad rows of a table into a file of its own, to be corrected and uploaded again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Literal

from django.core.exceptions import ValidationError

from .cells import GUARDED_SIGNS, Serial1904, clean_cell, day, shown
from .column import REASON_TITLE, WHOLE_ROW
from .row import Problem
from .table import Part, Table
from .text_workbook import write_text_workbook

_FORMULA_SIGNS = tuple(GUARDED_SIGNS)
"""Spreadsheets of East Asia take the full-width signs for formula signs too."""
_SHOWN_EXACTLY = 11
"""A spreadsheet shows a longer number in csv as 3.6E+17, and saves it so."""


def write_problem_file(table: Table, problems: Iterable[Problem], form: Literal["csv", "xlsx"] = "xlsx") -> bytes:
    """Writes the original columns and the reason. Values are not masked, because the file is for the office that sent
    them.
    """
    rows = _rows(table, _reasons(problems))
    return as_csv(rows) if form == "csv" else write_text_workbook(rows, name="有误的行")


def neutralised(text: str) -> str:
    """Makes a text that no spreadsheet takes for a formula. Reading the file again removes the quote."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def write_guarded_workbook(rows: Iterable[Sequence[str]], *, name: str, widths: Sequence[int] = ()) -> bytes:
    """Writes texts of strangers, none of which a spreadsheet takes for a formula."""
    return write_text_workbook(([neutralised(text) for text in row] for row in rows), name=name, widths=widths)


def _reasons(problems: Iterable[Problem]) -> dict[int, str]:
    sentences: dict[int, list[str]] = {}
    for problem in problems:
        prefix = "" if problem.column_title in ("", WHOLE_ROW) else f"{problem.column_title}："
        sentences.setdefault(problem.row_number, []).append(prefix + problem.sentence)
    return {number: " ".join(found) for number, found in sentences.items()}


def _rows(table: Table, reasons: dict[int, str]) -> Iterator[list[str]]:
    """Answers the rows of every sheet under the titles of the first one; columns of later sheets alone follow them."""
    titles = list(dict.fromkeys(title for part in table.parts for title in _known_by_first(table, part)))
    titles = [title for title in titles if title != REASON_TITLE]
    yield [*(neutralised(title) for title in titles), REASON_TITLE]
    last = max(reasons, default=0)
    for part in table.parts:
        places = {title: place for place, title in enumerate(_known_by_first(table, part))}
        days = {part.places.get(column.key) for column in table.columns if column.parse is day}
        kept = [places.get(title, len(places)) for title in titles]
        for number, cells in part.numbered_cells():
            if number > last:
                break
            if number in reasons:
                texts = [_text(cells[place], place in days) if place < len(cells) else "" for place in kept]
                yield [*(neutralised(text) for text in texts), reasons[number]]


def _text(cell: object, is_day: bool) -> str:
    """A day counted from 1904 is written out, since the report counts otherwise."""
    if is_day and isinstance(cell, Serial1904):
        with suppress(ValidationError):
            return day(cell).isoformat()
    return shown(clean_cell(cell))


def _known_by_first(table: Table, part: Part) -> list[str]:
    """Answers the titles of a sheet, with the first sheet's word for each column that both have."""
    titles = list(part.titles)
    for key, place in part.places.items():
        if key in table.places:
            titles[place] = table.titles[table.places[key]]
    return titles


def as_csv(rows: Iterable[list[str]]) -> bytes:
    """Long numbers keep their digits in a spreadsheet. The caller has neutralised texts of strangers."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in rows:
        writer.writerow([f"{text}\t" if text.isdigit() and len(text) > _SHOWN_EXACTLY else text for text in row])
    # Without the mark spreadsheets take the file for GB 18030.
    return stream.getvalue().encode("utf-8-sig")
