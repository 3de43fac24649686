"""A table as an office sends it, read row by row: every bad row explained, good rows not held up."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from django.core.exceptions import ValidationError

from common.text.chinese import half_width, without_blanks

from .cells import Cell, check_readable, clean_cell, clean_text, masked, meant, shown, text, without_id_numbers
from .csv_source import CsvSource, csv_candidates, open_binary
from .errors import TableError
from .xlsx_source import XlsxSource, xlsx_candidates

HEADER_ROWS = 5
MAX_ROWS = 1_000_000
MAX_BYTES = 300_000_000
_REMEMBERED = 10_000
REASON_TITLE = "错误原因"
"""The column that our report of bad rows adds; ignored when the corrected file comes back."""
WHOLE_ROW = "整行"

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_NOT_TABLES = {
    b"%PDF-": "PDF 文件",
    b"\xff\xd8\xff": "图片",
    b"\x89PNG": "图片",
    b"GIF8": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
}
_BRACKETED = re.compile(r"\([^()]*\)$")
_UNNAMED = re.compile(r"（第\d+列）")


@dataclass(frozen=True)
class Column:
    """`required`: the column must exist and be filled in every row. `sensitive` masks the value in reports.

    `parse` gets a cell that is not empty and raises ValidationError; its sentence is shown to the person. It is a pure
    function with an immutable result: a text that comes again is not parsed again.
    """

    key: str
    title: str
    aliases: Sequence[str] = ()
    required: bool = False
    parse: Callable[[Cell], object] = text
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    row_number: int
    column_title: str
    value_masked: str
    sentence: str


@dataclass(slots=True)
class Row:
    number: int
    """As a spreadsheet shows it, counted from 1."""
    values: dict[str, object]
    """Parsed, by the key of the column; None where empty, not in the file, or wrong."""
    problems: list[Problem]
    cells: Sequence[object]
    titles: Sequence[str]

    @property
    def raw(self) -> dict[str, str]:
        """The texts of the file, unknown columns included, by the title there."""
        texts = [shown(clean_cell(cell)) for cell in self.cells[: len(self.titles)]]
        return dict(zip(self.titles, texts + [""] * (len(self.titles) - len(texts)), strict=True))


class _Header(NamedTuple):
    source: CsvSource | XlsxSource
    row: int
    titles: list[str]


@dataclass(frozen=True)
class Table:
    filename: str
    source: CsvSource | XlsxSource
    columns: Sequence[Column]
    header_row: int
    titles: Sequence[str]
    places: dict[str, int]
    """Where each known column stands, by its key."""
    max_rows: int
    unknown_columns: Sequence[str] = field(default=())

    @property
    def missing_columns(self) -> list[str]:
        """Titles of optional columns that the file does not have."""
        return [column.title for column in self.columns if column.key not in self.places]

    def rows(self) -> Iterator[Row]:
        """Streams; may be called again. Raises TableError where the file cannot be read on."""
        read = 0
        for number, cells in self.numbered_cells():
            row = self._read(number, cells)
            if row is None:
                continue
            read += 1
            if read > self.max_rows:
                raise TableError(f"文件超过 {self.max_rows:,} 行：请分成几个文件上传。")
            yield row

    @cached_property
    def _plan(self) -> list[tuple[Column, int, dict[object, object]]]:
        """Each column with its place (one that the file lacks lies beyond every row) and what was read there before:
        most columns repeat a few thousand texts, and reading each once halves the time of a large import."""
        return [(column, self.places.get(column.key, sys.maxsize), {}) for column in self.columns]

    def __iter__(self) -> Iterator[Row]:
        return self.rows()

    def numbered_cells(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Every row below the header as it stands, with its number."""
        source = self.source
        rows: Iterator[Sequence[object]]
        rows = source.rows() if isinstance(source, CsvSource) else source.rows(len(self.titles))
        return islice(enumerate(rows, 1), self.header_row, None)

    def close(self) -> None:
        if isinstance(self.source, XlsxSource):
            self.source.close_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, number: int, cells: Sequence[object]) -> Row | None:
        """None for a blank row."""
        if not any(cells):
            return None
        values: dict[str, object] = {}
        problems: list[Problem] = []
        length = len(cells)
        is_blank = True
        for column, place, read_before in self._plan:
            cell = cells[place] if place < length else None
            if cell in read_before:
                values[column.key] = read_before[cell]
                is_blank = False
                continue
            value = clean_cell(cell)
            if isinstance(value, str):
                value = meant(value) or None
            if value is None:
                values[column.key] = None
                if column.required:
                    problems.append(Problem(number, column.title, "", "此列为必填，不能为空。"))
                continue
            is_blank = False
            parsed = values[column.key] = _parse(column, value, number, problems)
            if parsed is not None and isinstance(cell, str) and len(read_before) < _REMEMBERED:
                read_before[cell] = parsed
        if is_blank and not any(clean_cell(cell) is not None for cell in cells):
            return None
        if length > len(self.titles) and any(clean_cell(cell) is not None for cell in cells[len(self.titles) :]):
            problems.append(
                Problem(
                    number,
                    WHOLE_ROW,
                    "",
                    f"本行有 {length} 列，表头只有 {len(self.titles)} 列：内容中的逗号等分隔符需要用双引号括起来。",
                )
            )
        return Row(number, values, problems, cells, self.titles)


def read_table(
    content: Path | str | bytes,
    filename: str,
    columns: Sequence[Column],
    *,
    max_rows: int = MAX_ROWS,
    max_bytes: int = MAX_BYTES,
) -> Table:
    """The kind of file is told by its content, not its name. Raises TableError."""
    if isinstance(content, str):
        content = Path(content)
    known = _columns_by_title(columns)
    candidates = _header_candidates(_sources(content, max_bytes))
    if not candidates:
        raise TableError("文件是空的，没有任何内容。")
    header = max(candidates, key=lambda candidate: len(_matches(candidate.titles, known)))
    titles = header.titles
    places = _places(titles, known)
    _check_required(columns, places, titles)
    wanted = set(places.values())
    unknown = [
        title
        for place, title in enumerate(titles)
        if place not in wanted and title != REASON_TITLE and not _UNNAMED.fullmatch(title)
    ]
    return Table(filename, header.source, columns, header.row, titles, places, max_rows, unknown)


def _parse(column: Column, value: Cell, number: int, problems: list[Problem]) -> object:
    try:
        check_readable(value)
        return column.parse(value)
    except ValidationError as error:
        sentence = without_id_numbers("".join(error.messages))
    except (ValueError, TypeError, OverflowError):  # a plain int() or Enum() as the parser
        sentence = f"“{column.title}”填写的内容无法识别。"
    problems.append(Problem(number, column.title, masked(value, sensitive=column.sensitive), sentence))
    return None


def _sources(content: Path | bytes, max_bytes: int) -> Sequence[CsvSource | XlsxSource]:
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    if size == 0:
        raise TableError("文件是空的，没有任何内容。")
    if size > max_bytes:
        raise TableError(f"文件有 {size // 1_000_000} MB，最多 {max_bytes // 1_000_000} MB：请分成几个文件上传。")
    with open_binary(content) as stream:
        head = stream.read(512)
        if head.startswith(_OLE):
            stream.seek(0)
            raise TableError(_ole_sentence(stream.read()))
    if head.startswith(_ZIP):
        return xlsx_candidates(content)
    for magic, name in _NOT_TABLES.items():
        if head.startswith(magic):
            raise TableError(f"收到的是{name}，不是表格：请上传 xlsx 或 csv 文件。")
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!DOCTYPE|html|table|\?xml|meta)", head, re.IGNORECASE):
        raise TableError("文件实际上是网页格式，只是改了扩展名：请用表格软件打开后另存为 xlsx 再上传。")
    return csv_candidates(content)


def _ole_sentence(body: bytes) -> str:
    if _ENCRYPTED_PACKAGE in body:
        return "文件设置了打开密码，无法读取：请取消密码后再上传。"
    return "文件是旧版 Excel 格式（xls）：请用表格软件打开后另存为 xlsx 再上传。"


def _header_candidates(sources: Iterable[CsvSource | XlsxSource]) -> list[_Header]:
    found: list[_Header] = []
    errors: list[TableError] = []
    for source in sources:
        try:
            first = list(islice(source.rows(), HEADER_ROWS))
        except TableError as error:
            # The quotes of a csv look wrong under every delimiter but its own.
            errors.append(error)
            continue
        found += [
            _Header(source, number, titles) for number, cells in enumerate(first, 1) if (titles := _titles(cells))
        ]
    if errors and not found:
        raise errors[0]
    return found


def _titles(cells: Sequence[object]) -> list[str]:
    texts = [without_blanks(clean_text(shown(clean_cell(cell)))) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    titles: list[str] = []
    for place, title in enumerate(texts, 1):
        title = title or f"（第{place}列）"
        titles.append(f"{title}（第{place}列）" if title in titles and title != REASON_TITLE else title)
    return titles


def _title_key(title: str) -> str:
    return half_width(title).strip("*:").casefold()


def _columns_by_title(columns: Sequence[Column]) -> dict[str, Column]:
    known: dict[str, Column] = {}
    for column in columns:
        for title in (column.title, *column.aliases):
            if known.setdefault(_title_key(title), column) is not column:
                raise ValueError(f"two columns share the title {title}")
    return known


def _matches(titles: Sequence[str], known: dict[str, Column]) -> dict[str, list[int]]:
    """Places by key; a remark in brackets after a title, as in 身份证号（必填）, is overlooked."""
    found: dict[str, list[int]] = {}
    for place, title in enumerate(titles):
        key = _title_key(title)
        column = known.get(key) or known.get(_BRACKETED.sub("", key).strip("*:"))
        if column is not None:
            found.setdefault(column.key, []).append(place)
    return found


def _places(titles: Sequence[str], known: dict[str, Column]) -> dict[str, int]:
    found = _matches(titles, known)
    for places in found.values():
        if len(places) > 1:
            where = "、".join(str(place + 1) for place in places)
            raise TableError(f"“{titles[places[0]]}”列出现了 {len(places)} 次（第 {where} 列）：请只保留一列。")
    return {key: places[0] for key, places in found.items()}


def _check_required(columns: Sequence[Column], places: dict[str, int], titles: Sequence[str]) -> None:
    if not places:
        needed = "、".join(column.title for column in columns if column.required) or columns[0].title
        raise TableError(f"前 {HEADER_ROWS} 行内没有找到表头：需要的列有{needed}。")
    missing = [column for column in columns if column.required and column.key not in places]
    if missing:
        named = "、".join(
            f"“{column.title}”" + (f"（也可写作{'、'.join(column.aliases)}）" if column.aliases else "")
            for column in missing
        )
        found = "、".join(title for title in titles if not _UNNAMED.fullmatch(title))
        raise TableError(f"缺少必需的列：{named}。读到的表头是：{without_id_numbers(found)[:200]}。")
