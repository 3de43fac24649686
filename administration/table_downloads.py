"""Sends a long list as a table to save: csv as it is read, in chunks, and xlsx whole."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

from django.db.models import Model
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from common.tabular.problem_file import as_csv, neutralised
from common.tabular.text_workbook import XLSX, write_text_workbook
from common.web.downloads import content_to_save
from common.web.paging import KeysetPage

MOST_ROWS = 10_000
"""Further rows are left out, and the last row says so."""
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
) -> HttpResponseBase:
    """`form` is one of `FORMS`. The texts may be those of strangers. A csv is never held as a whole, so it may be longer."""
    rows = chain([titles], _capped(lines, len(titles), (None if form == "xlsx" else most_of_csv) or MOST_ROWS))
    if form == "xlsx":
        widths = [max(12, 2 * len(title) + 4) for title in titles]
        content = write_text_workbook(rows, name=sheet, widths=widths)
        return content_to_save(content, name=f"{name}.xlsx", content_type=XLSX)
    return _streamed(rows, f"{name}.csv")


def table_file(titles: Line, lines: Iterable[Line], *, sheet: str, form: str, mark: str) -> bytes:
    """Answers the whole file. `mark` stands before the titles, and at the foot of printed pages."""
    head = [[neutralised(mark), *[""] * (len(titles) - 1)], titles]
    rows = chain(head, _capped(lines, len(titles), MOST_ROWS))
    if form != "xlsx":
        return as_csv(list(row) for row in rows)
    widths = [max(12, 2 * len(title) + 4) for title in titles]
    return write_text_workbook(rows, name=sheet, widths=widths, heading_rows=2, foot=mark)


def _capped(lines: Iterable[Line], width: int, most: int) -> Iterator[Line]:
    found = iter(lines)
    for line in islice(found, most):
        yield [neutralised(text) for text in line]
    if next(found, None) is not None:
        yield [f"只导出前 {most} 行，请缩小范围后再导出。", *[""] * (width - 1)]


def _streamed(rows: Iterable[Line], name: str) -> HttpResponse | StreamingHttpResponse:
    writer = csv.writer(_Echo())
    # Spreadsheets read the file as UTF-8 because of the mark.
    texts = chain(["\ufeff"], (str(writer.writerow(row)) for row in rows))
    response = StreamingHttpResponse(texts, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
