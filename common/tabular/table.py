"""Reads a table as an office sends it, row by row: every bad row is explained, and good rows are not held up."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError

from .cells import (
    DIGITS_LOST,
    Cell,
    Unread,
    check_readable,
    clean_cell,
    is_long_number,
    is_rounded,
    masked,
    meant,
    without_id_numbers,
)
from .column import WHOLE_ROW, Column
from .csv_source import CsvSource
from .errors import TableError
from .file_kinds import sources_of
from .header import Header, best_header, columns_by_title, odd_delimiter, places_of, unknown_titles
from .row import ROWS_OF_SHEET, Problem, Row, place_of

if TYPE_CHECKING:
    from .header import Source

MAX_ROWS = 1_000_000
MAX_BYTES = 300_000_000
_REMEMBERED = 10_000
_SAMPLE = 200
"""The unit is rows by which a column is judged to have lost the last digits of its numbers."""
_LOST_UNLESS_EXACT = "如果号码确实以 000 结尾，请在前面加一个英文单引号（'）。"


@dataclass(frozen=True)
class Part:
    """Is one source with a header that fits: a csv file, or one sheet of a workbook."""

    source: Source
    header_row: int
    titles: Sequence[str]
    places: dict[str, int]
    offset: int = 0

    @property
    def sheet(self) -> str:
        return self.source.name

    def numbered_cells(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Answers every row below the header as it stands, with its number."""
        source = self.source
        rows: Iterator[Sequence[object]]
        rows = (
            source.rows()
            if isinstance(source, CsvSource)
            else source.rows(len(self.titles), header_row=self.header_row)
        )
        return islice(enumerate(rows, self.offset + 1), self.header_row, None)


@dataclass(frozen=True)
class Table:
    filename: str
    columns: Sequence[Column]
    parts: Sequence[Part]
    max_rows: int
    unread_sheets: Sequence[tuple[str, str]] = field(default=())

    @property
    def source(self) -> Source:
        return self.parts[0].source

    @property
    def header_row(self) -> int:
        return self.parts[0].header_row

    @property
    def titles(self) -> Sequence[str]:
        return self.parts[0].titles

    @property
    def places(self) -> dict[str, int]:
        return self.parts[0].places

    @property
    def unknown_columns(self) -> list[str]:
        return list(dict.fromkeys(title for part in self.parts for title in unknown_titles(part.titles, part.places)))

    @property
    def missing_columns(self) -> list[str]:
        """Answers titles of optional columns that no sheet of the file has."""
        return [column.title for column in self.columns if all(column.key not in part.places for part in self.parts)]

    def rows(self) -> Iterator[Row]:
        """Streams the rows and may be called again. Raises TableError if the file cannot be read on."""
        read = 0
        for part in self.parts:
            plan, sheet = self._plan(part), part.sheet if len(self.parts) > 1 else ""
            rounded = _columns_without_last_digits(part)
            for number, cells in part.numbered_cells():
                row = _read(plan, rounded, number, cells, part.titles)
                if row is None:
                    continue
                row.sheet = sheet
                read += 1
                if read > self.max_rows:
                    raise TableError(f"文件超过 {self.max_rows:,} 行：请分成几个文件上传。")
                yield row

    @cached_property
    def _read_before(self) -> list[dict[object, object]]:
        """Keeps what was read in each column: most columns repeat a few thousand texts, and reading each once halves
        the time of a large import.
        """
        return [{} for _ in self.columns]

    def _plan(self, part: Part) -> list[tuple[Column, int, dict[object, object]]]:
        """Answers each column with its place (one that the part lacks lies beyond every row) and what was read there
        before.
        """
        places = [part.places.get(column.key, sys.maxsize) for column in self.columns]
        return list(zip(self.columns, places, self._read_before, strict=True))

    def __iter__(self) -> Iterator[Row]:
        return self.rows()

    def read_through(self) -> None:
        """Raises TableError where the file cannot be read to its end, before anything of it is taken in."""
        filled = sum(any(cells) for part in self.parts for _, cells in part.numbered_cells())
        if filled > self.max_rows:
            raise TableError(f"文件超过 {self.max_rows:,} 行：请分成几个文件上传。")

    def placed(self, problem: Problem) -> Problem:
        """Gives the problem the number that its sheet shows, and the name of the sheet if several are read."""
        if len(self.parts) == 1:
            return problem
        place, number = divmod(problem.row_number, ROWS_OF_SHEET)
        column = f"{self.parts[place].sheet}：{problem.column_title or WHOLE_ROW}"
        return Problem(number, column, problem.value_masked, problem.sentence)

    def place_of(self, number: int) -> str:
        """Says where a person finds the row of this number, as `Row.place` does."""
        several = len(self.parts) > 1
        return place_of(number, self.parts[number // ROWS_OF_SHEET].sheet if several else "")

    def close(self) -> None:
        for part in self.parts:
            part.source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_table(
    content: Path | str | bytes,
    filename: str,
    columns: Sequence[Column],
    *,
    max_rows: int = MAX_ROWS,
    max_bytes: int = MAX_BYTES,
) -> Table:
    """The kind of file is recognised by its content, not its name. Every sheet whose header fits is read. Raises
    TableError.
    """
    if isinstance(content, str):
        content = Path(content)
    known = columns_by_title(columns)
    headers = [header for source in sources_of(content, max_bytes) if (header := best_header(source, known))]
    if not headers:
        raise TableError("文件是空的，没有任何内容。")
    best = max(headers, key=lambda header: len(header.places))
    if not best.places:
        _explain_no_header(headers, known)
    if isinstance(best.source, CsvSource):
        headers = [best]
    parts: list[Part] = []
    unread: list[tuple[str, str]] = []
    for header in headers:
        try:
            if header.broken:
                raise header.broken
            places = places_of(header, columns)
        except TableError as error:
            unread.append((header.source.name, str(error)))
        else:
            parts.append(Part(header.source, header.row, header.titles, places, len(parts) * ROWS_OF_SHEET))
    if not parts:
        if best.broken:
            raise best.broken
        places_of(best, columns)
    return Table(filename, columns, parts, max_rows, unread)


def _explain_no_header(headers: Sequence[Header], known: dict[str, Column]) -> None:
    """Raises TableError if there is a better reason than that no title is known."""
    # The quotes of a csv look wrong under every delimiter but its own.
    for header in headers:
        if header.broken:
            raise header.broken
    if name := odd_delimiter(headers[0].source, known):
        raise TableError(f"各列之间用的是{name}，不是逗号：请用表格软件另存为 xlsx，或改用英文逗号分隔的 csv 再上传。")


def _columns_without_last_digits(part: Part) -> frozenset[int]:
    """Answers places where long numbers end in 000 far more often than numbers do, because a spreadsheet has rounded
    them.
    """
    long: dict[int, int] = {}
    rounded: dict[int, int] = {}
    for _, cells in islice(part.numbered_cells(), _SAMPLE):
        for place in part.places.values():
            cell = cells[place] if place < len(cells) else None
            if isinstance(cell, str) and is_long_number(value := meant(str(clean_cell(cell) or ""))):
                long[place] = long.get(place, 0) + 1
                rounded[place] = rounded.get(place, 0) + is_rounded(value)
    return frozenset(place for place, count in rounded.items() if 10 * count > long[place])


def _read(
    plan: Sequence[tuple[Column, int, dict[object, object]]],
    rounded: frozenset[int],
    number: int,
    cells: Sequence[object],
    titles: Sequence[str],
) -> Row | None:
    """Answers None for a blank row."""
    if not any(cells):
        return None
    values: dict[str, object] = {}
    problems: list[Problem] = []
    length = len(cells)
    is_blank = True
    for column, place, read_before in plan:
        cell = cells[place] if place < length else None
        if cell in read_before:
            values[column.key] = read_before[cell]
            is_blank = False
            continue
        value = clean_cell(cell) if cell != "" else None
        if isinstance(value, str):
            value = meant(value) or None
        if value is None:
            values[column.key] = None
            is_blank = is_blank and cell is not Unread.NO_RESULT
            if column.required or isinstance(cell, Unread):
                problems += _why_empty(column, cell, number, problems)
            continue
        is_blank = False
        parsed = values[column.key] = _parse(column, value, number, problems, place in rounded)
        if parsed is not None and isinstance(cell, str) and len(read_before) < _REMEMBERED:
            read_before[cell] = parsed
    if is_blank and not any(clean_cell(cell) is not None for cell in cells):
        return None
    if length > len(titles):
        problems += _cells_beyond(cells, titles, number)
    return Row(number, values, problems, cells, titles)


def _cells_beyond(cells: Sequence[object], titles: Sequence[str], number: int) -> Iterator[Problem]:
    width = len(titles)
    if len(cells) > width and any(clean_cell(cell) is not None for cell in cells[width:]):
        sentence = f"本行有 {len(cells)} 列，表头只有 {width} 列：内容中的逗号等分隔符需要用双引号括起来。"
        yield Problem(number, WHOLE_ROW, "", sentence)


def _why_empty(column: Column, cell: object, number: int, known: Sequence[Problem]) -> list[Problem]:
    if isinstance(cell, Unread):
        # A note across the whole row is one problem and not one of every column.
        said = cell is Unread.ACROSS_COLUMNS and any(problem.sentence == cell.value for problem in known)
        return [] if said else [Problem(number, column.title, "", cell.value)]
    return [Problem(number, column.title, "", "此列为必填，不能为空。")]


def _parse(column: Column, value: Cell, number: int, problems: list[Problem], has_lost_digits: bool) -> object:
    try:
        check_readable(value)
        if has_lost_digits and is_rounded(value):
            raise ValidationError(DIGITS_LOST + _LOST_UNLESS_EXACT)
        return column.parse(value)
    except ValidationError as error:
        sentence = without_id_numbers("".join(error.messages))
    except (ValueError, TypeError, OverflowError):  # a plain int() or Enum() as the parser
        sentence = f"“{column.title}”填写的内容无法识别。"
    problems.append(Problem(number, column.title, masked(value, sensitive=column.sensitive), sentence))
    return None
