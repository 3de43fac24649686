"""Streams xlsx. A workbook is a zip of XML, so its limits are checked before anything is unpacked."""

from __future__ import annotations

import re
import warnings
import weakref
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, repeat
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from .csv_source import open_binary
from .errors import TableError, not_a_table
from .merges import Merges, Range, merged_ranges
from .sheet_rows import SheetParser

MAX_COLUMNS = 200
LAST_ROW = 1_048_576
"""A spreadsheet has no later row; a file that claims one was not made by a spreadsheet."""
_MAX_UNPACKED = 1_000_000_000
_MAX_SHARED_STRINGS = 300_000_000
"""The unit is bytes. These strings are held in memory whole, unlike the rows."""
_MAX_RATIO = 100
_RATIO_FLOOR = 10_000_000
_MAX_PARTS = 2_000
_BATCH = 1_000
# An XML part starts with its root: no document type, hence no entities that could grow without end.
_PLAIN_XML = re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]{0,200}\?>)?\s*<[A-Za-z_]")
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_ENCRYPTED = 1
_WORKBOOK = re.compile(r"xl/workbook\w*\.xml")
_UNCALCULATED = re.compile(rb'fullCalcOnLoad\s*=\s*["\'](1|true)["\']')
_OTHER_ARCHIVES = {
    "xl/workbook.bin": "文件是 Excel 二进制工作簿（xlsb）：请另存为 xlsx 再上传。",
    "word/document.xml": not_a_table("Word 文档（.docx）"),
    "ppt/presentation.xml": not_a_table("演示文稿（.pptx）"),
    "ofd.xml": not_a_table("OFD 文件（电子公文或电子发票）"),
}
_DAMAGED = "文件已损坏，或不是标准的 xlsx 文件：请用表格软件打开后另存为 xlsx 再上传。"


@dataclass(frozen=True)
class XlsxSource:
    """Gives rows by their number in the sheet, blank ones included; they may be read again and again."""

    sheet: ReadOnlyWorksheet
    close_file: Callable[[], object]
    is_uncalculated: bool = False

    @property
    def name(self) -> str:
        return str(self.sheet.title)

    def close(self) -> None:
        self.close_file()

    @cached_property
    def _merged(self) -> list[Range]:
        try:
            with self.sheet._get_source() as part:
                return merged_ranges(part)
        except TableError:
            raise
        except Exception as error:  # a damaged part may raise anything; all of it means one thing
            raise TableError(_DAMAGED) from error

    def rows(self, width: int = MAX_COLUMNS, *, header_row: int = 0) -> Iterator[tuple[object, ...]]:
        """Merged cells below the header row are filled."""
        merges = Merges(self._merged, below=header_row)
        iterator = self._own_rows()
        last = 0
        while batch := _next_batch(iterator):
            for number, cells in batch:
                if not last < number <= LAST_ROW:
                    raise TableError(_DAMAGED)
                yield from repeat((), number - last - 1)
                last = number
                row = _in_places(cells, width)
                merges.fill(number, row)
                yield tuple(row)

    def _own_rows(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        with self.sheet._get_source() as part:
            parser = SheetParser(part, self.sheet.parent, self.sheet._shared_strings)
            parser.is_uncalculated = self.is_uncalculated
            yield from parser.parse()


def _in_places(cells: list[dict[str, Any]], width: int) -> list[object]:
    row: list[object] = [None] * width
    for cell in cells:
        if cell["column"] <= width:
            row[cell["column"] - 1] = cell["value"]
    return row


def xlsx_candidates(content: Path | bytes) -> list[XlsxSource]:
    """Answers one source for each visible sheet; their headers decide which are read."""
    is_uncalculated = _check_archive(content)
    workbook, close_file = _open(content)
    return [
        XlsxSource(sheet, close_file, is_uncalculated)
        for sheet in workbook.worksheets
        if sheet.sheet_state == "visible"
    ]


def _open(content: Path | bytes) -> tuple[Workbook, Callable[[], object]]:
    stream = open_binary(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # a damaged part may raise anything; all of it means one thing
        stream.close()
        raise TableError(_DAMAGED) from error
    # Sheets are read on demand, so the file closes with the table, or at the latest when nobody holds the workbook any
    # more.
    return workbook, weakref.finalize(workbook, stream.close)


def _next_batch(
    iterator: Iterator[tuple[int, list[dict[str, Any]]]],
) -> list[tuple[int, list[dict[str, Any]]]]:
    try:
        # The reader warns of features that it ignores (validations, odd dates). They mean nothing here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return list(islice(iterator, _BATCH))
    except Exception as error:  # as above
        raise TableError(_DAMAGED) from error


def _check_archive(content: Path | bytes) -> bool:
    """Answers whether its formulas wait for a spreadsheet to calculate them."""
    try:
        with open_binary(content) as stream, zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & _ENCRYPTED for part in parts):
                raise TableError("文件设置了密码，无法读取：请取消密码后再上传。")
            _check_kind({part.orig_filename for part in parts})
            _check_sizes(parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        _check_beginning(opened.read(1024))
            return any(
                _UNCALCULATED.search(archive.read(part)) for part in parts if _WORKBOOK.fullmatch(part.filename.lower())
            )
    except TableError:
        raise
    except Exception as error:  # a damaged archive may raise anything; all of it means one thing
        raise TableError(_DAMAGED) from error


def _check_beginning(head: bytes) -> None:
    if not _PLAIN_XML.match(head):
        raise TableError(_DAMAGED)
    if _STRICT in head:
        raise TableError(
            "文件是“Strict Open XML 电子表格”格式：请用表格软件打开后另存为“Excel 工作簿（*.xlsx）”再上传。"
        )


def _check_kind(names: set[str]) -> None:
    lower = {name.lower() for name in names}
    for sign, sentence in _OTHER_ARCHIVES.items():
        if sign in lower:
            raise TableError(sentence)
    if "mimetype" in lower and "content.xml" in lower:
        raise TableError("文件是 ODF 表格（ods）：请另存为 xlsx 再上传。")
    if any("\\" in name for name in names):
        raise TableError("文件不是标准的 Excel 表格，这里读不出来：请用表格软件打开后另存为 xlsx 再上传。")
    # The part may have another name, such as workbook2.xml, and the list of contents says which it is.
    if "[content_types].xml" not in lower or not any(_WORKBOOK.fullmatch(name) for name in lower):
        raise TableError(f"{not_a_table('压缩包（.zip 一类）')}表格在压缩包里的，请先解压，再上传里面的表格。")


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    too_large = len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED
    for part in parts:
        if part.filename.lower().endswith("sharedstrings.xml"):
            too_large |= part.file_size > _MAX_SHARED_STRINGS
        if part.file_size > _RATIO_FLOOR:
            too_large |= part.file_size > _MAX_RATIO * max(1, part.compress_size)
    if too_large:
        raise TableError("文件解压后过大，无法读取：请删去空白行列和多余的工作表，或改用 csv，或分成几个文件上传。")
