"""Writes workbooks whose cells are all text, so that a spreadsheet keeps every digit and calculates nothing."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "@"
"""The number format by which a spreadsheet takes a cell for text."""
LONGEST = 32_000
"""The unit is characters of a cell; a spreadsheet keeps some more."""


def write_text_workbook(
    rows: Iterable[Sequence[str]], *, name: str, widths: Sequence[int] = (), heading_rows: int = 1, foot: str = ""
) -> bytes:
    """`name` is that of the only sheet. With `widths`, in characters, the heading rows also stay in sight. `foot` stands at
    the foot of every printed page. The caller has neutralised texts of strangers (`problem_file.neutralised`).
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(name)
    if widths:
        sheet.freeze_panes = f"A{heading_rows + 1}"
    if foot:
        # An ampersand begins a code of the spreadsheet.
        sheet.oddFooter.center.text = foot.replace("&", "＆")
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row in rows:
        sheet.append([_text_cell(sheet, text) for text in row])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _text_cell(sheet: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST])
    cell.number_format = TEXT
    return cell
