"""Writes the empty workbook that an office fills in: a row that shows how, and the titles below it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from .column import Column
from .text_workbook import TEXT

_HINT = "第2行是填写示例，不会被导入；请从第4行开始填写。标有*的列必填。"
_WIDEST, _ROOM = 40, 4


def write_template(columns: Sequence[Column], *, name: str) -> bytes:
    """Nothing above the titles is read. Cells are text, so that a spreadsheet keeps all digits of an ID number."""
    from openpyxl import Workbook  # noqa: PLC0415  heavy library
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415  heavy library
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  heavy library

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = name
    has_example = all(column.example for column in columns if column.required)
    if has_example:
        sheet.append([_HINT])
        sheet.append([column.example for column in columns])
    sheet.append([f"{column.title}*" if column.required else column.title for column in columns])
    titles = sheet.max_row
    for place, column in enumerate(columns, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = min(2 * max(len(column.title), len(column.example)) + _ROOM, _WIDEST)
        # The style of a column is that of its cells which nobody has written yet.
        sheet.column_dimensions[letter].number_format = TEXT
        title = sheet.cell(titles, place)
        title.font, title.fill = Font(bold=True), PatternFill("solid", fgColor="E8EEF7")
        if has_example:
            example = sheet.cell(titles - 1, place)
            example.font, example.number_format = Font(color="808080", italic=True), TEXT
    sheet.freeze_panes = f"A{titles + 1}"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()
