"""Reads the rows of a sheet with what a spreadsheet shows in each cell, which openpyxl does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from openpyxl.utils.datetime import MAC_EPOCH, from_excel
from openpyxl.workbook import Workbook
from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

from .cells import Percentage, Serial1904, Unread
from .formats import incomplete_dates, percentage_styles


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
        self._incomplete_dates = incomplete_dates(workbook)
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
            cell["value"] = self._as_shown(value, cell["style_id"])
        elif isinstance(value, date) and cell["style_id"] in self._incomplete_dates:
            cell["value"] = self._incomplete_dates[cell["style_id"]](value)
        return cell

    def _as_shown(self, value: int | float, style: int) -> object:
        if style in self._percentages:
            return Percentage(value)
        if style in self._incomplete_dates:
            with suppress(ValueError, OverflowError):
                day = from_excel(value, self.epoch)
                return self._incomplete_dates[style](day) if isinstance(day, date) else value
        return Serial1904(value) if self._is_1904 else value


def _is_empty_text(element: Element) -> bool:
    """Recognises the result of a formula such as IF(A1="","",A1)."""
    return element.get("t") == "str" and element.find(VALUE_TAG) is not None
