"""Sends a long list as a table to save, as it is read, in chunks: a million rows take no more memory than ten."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

from django.db.models import Model
from django.http import QueryDict, StreamingHttpResponse
from django.utils.http import content_disposition_header

from common.tabular.problem_file import as_csv, neutralised
from common.tabular.text_workbook import MOST_ROWS_OF_A_SHEET, XLSX, text_workbook_pieces, write_text_workbook
from common.web.paging import KeysetPage

MOST_ROWS = 1_000_000
"""Further rows are left out, and the last row says so."""
MOST_ROWS_OF_A_FILE = 10_000
"""A file that is made to be kept is encrypted as a whole, in memory."""
MOST_ROWS_OF_XLSX = MOST_ROWS_OF_A_SHEET - 2
"""The titles and the last row, which says that more was left out, take the other two."""
CHUNK = 500
FORMS = ("csv", "xlsx")

Row = TypeVar("Row", bound=Model)
Line = Sequence[str]


def narrowed_by(query: QueryDict) -> dict[str, object]:
    """Answers for the audit what narrowed a list, but for the words that were searched: they may be somebody's name."""
    return {key: str(value)[:60] for key, value in query.items() if value and key != "q"}


class _Echo:
    def write(self, text: str) -> str:
        return text


def walked(page_at: Callable[[str | None], KeysetPage[Row]]) -> Iterator[Sequence[Row]]:
    """Answers page after page, each by one range of an index."""
    cursor: str | None = None
    while True:
        page = page_at(cursor)
        yield page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def table_to_save(
    titles: Line, lines: Iterable[Line], *, name: str, sheet: str, form: str, most_of_csv: int | None = None
) -> StreamingHttpResponse:
    """`form` is one of `FORMS`. The texts may be those of strangers. A csv may be longer than a sheet can be."""
    if form == "xlsx":
        most = min(MOST_ROWS, MOST_ROWS_OF_XLSX)
        rows = chain([titles], _capped(lines, len(titles), most, is_sheet=bool(most_of_csv)))
        pieces = text_workbook_pieces(rows, name=sheet, widths=_widths(titles))
        return _streamed(pieces, f"{name}.xlsx", XLSX)
    rows = chain([titles], _capped(lines, len(titles), most_of_csv or MOST_ROWS))
    return _streamed(_csv_pieces(rows), f"{name}.csv", "text/csv; charset=utf-8")


def table_file(titles: Line, lines: Iterable[Line], *, sheet: str, form: str, mark: str) -> bytes:
    """Answers the whole file. `mark` stands before the titles, and at the foot of printed pages."""
    head = [[neutralised(mark), *[""] * (len(titles) - 1)], titles]
    rows = chain(head, _capped(lines, len(titles), MOST_ROWS_OF_A_FILE))
    if form != "xlsx":
        return as_csv(list(row) for row in rows)
    return write_text_workbook(rows, name=sheet, widths=_widths(titles), heading_rows=2, foot=mark)


def _widths(titles: Line) -> list[int]:
    return [max(12, 2 * len(title) + 4) for title in titles]


def _capped(lines: Iterable[Line], width: int, most: int, *, is_sheet: bool = False) -> Iterator[Line]:
    """`is_sheet` says that the csv of the same list may be longer."""
    found = iter(lines)
    for line in islice(found, most):
        yield [neutralised(text) for text in line]
    if next(found, None) is not None:
        cure = "更多的请导出 csv" if is_sheet else "请缩小范围后再导出"
        yield [f"只导出前 {most} 行，{cure}。", *[""] * (width - 1)]


def _csv_pieces(rows: Iterable[Line]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # Spreadsheets read the file as UTF-8 because of the mark.
    yield "\ufeff"
    for row in rows:
        yield str(writer.writerow(row))


def _streamed(pieces: Iterable[str] | Iterable[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
