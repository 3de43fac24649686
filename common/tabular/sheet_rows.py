"""Reads the rows of a sheet with what a spreadsheet shows in each cell, which openpyxl does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.workbook import Workbook
from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

from .cells import Percentage, Serial1904, Unread


class SheetParser(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """Ends with the last row. Percentages, days since 1904 and formulas without a result are told from plain values."""

    def __init__(self, source: BinaryIO, workbook: Workbook, shared_strings: object) -> None:
        super().__init__(
            source,
            shared_strings,
            data_only=True,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
        )
        self._percentages = percentage_styles(workbook)
        self._is_1904 = workbook.epoch == MAC_EPOCH
        self.is_uncalculated = False
        """Programs that cannot calculate leave out the results, or write 0, and ask the spreadsheet to do it when it opens."""

    def parse(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                row = self.parse_row(element)
                element.clear()
                yield row
            elif element.tag == DATA_TAG:
                return

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        value = cell["value"]
        if value is None or (value == 0 and self.is_uncalculated):
            if element.find(FORMULA_TAG) is not None and not _is_empty_text(element):
                cell["value"] = Unread.NO_RESULT
        elif type(value) in (int, float):
            if cell["style_id"] in self._percentages:
                cell["value"] = Percentage(value)
            elif self._is_1904:
                cell["value"] = Serial1904(value)
        return cell


def _is_empty_text(element: Element) -> bool:
    """Recognises the result of a formula such as IF(A1="","",A1)."""
    return element.get("t") == "str" and element.find(VALUE_TAG) is not None


def percentage_styles(workbook: Workbook) -> frozenset[int]:
    own = workbook._number_formats
    found = set()
    for style_id, style in enumerate(workbook._cell_styles):
        number = style.numFmtId
        if number < BUILTIN_FORMATS_MAX_SIZE:
            code = BUILTIN_FORMATS.get(number, "General")
        else:
            place = number - BUILTIN_FORMATS_MAX_SIZE
            code = own[place] if place < len(own) else "General"
        if "%" in code:
            found.add(style_id)
    return frozenset(found)
