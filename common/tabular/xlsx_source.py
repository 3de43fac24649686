"""xlsx, streamed. A workbook is a zip of XML: its limits are checked before anything is unpacked."""

from __future__ import annotations

import re
import warnings
import weakref
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from .csv_source import open_binary
from .errors import TableError

MAX_COLUMNS = 200
LAST_ROW = 1_048_576
"""The last row a spreadsheet has; a file that claims a later one was not made by a spreadsheet."""
_MAX_UNPACKED = 1_000_000_000
_MAX_SHARED_STRINGS = 300_000_000
"""These are held in memory whole, unlike the rows."""
_MAX_RATIO = 100
_RATIO_FLOOR = 10_000_000
_MAX_PARTS = 2_000
_BATCH = 1_000
# An XML part starts with its root: no document type, hence no entities that could grow without end.
_PLAIN_XML = re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]{0,200}\?>)?\s*<[A-Za-z_]")
_DAMAGED = "文件已损坏，或不是标准的 xlsx 文件：请用表格软件打开后另存为 xlsx 再上传。"


@dataclass(frozen=True)
class XlsxSource:
    """Rows by their number in the sheet, blank ones included; may be read again and again."""

    sheet: ReadOnlyWorksheet
    close_file: Callable[[], object]

    def rows(self, width: int = MAX_COLUMNS) -> Iterator[tuple[object, ...]]:
        iterator = self.sheet.iter_rows(max_col=width, values_only=True)
        taken = 0
        while batch := _next_batch(iterator):
            taken += len(batch)
            if taken > LAST_ROW:
                raise TableError(_DAMAGED)
            yield from batch


def xlsx_candidates(content: Path | bytes) -> list[XlsxSource]:
    """One source per visible sheet; the header decides which one it is."""
    _check_archive(content)
    workbook, close_file = _open(content)
    sources = []
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # many programs write a wrong size, which would cut rows off
            sources.append(XlsxSource(sheet, close_file))
    return sources


def _open(content: Path | bytes) -> tuple[Workbook, Callable[[], object]]:
    stream = open_binary(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # a damaged part may raise anything; all of it means one thing
        stream.close()
        raise TableError(_DAMAGED) from error
    # Sheets read on demand: the file closes with the table, or at the latest when nobody holds the workbook any more.
    return workbook, weakref.finalize(workbook, stream.close)


def _next_batch(iterator: Iterator[tuple[object, ...]]) -> list[tuple[object, ...]]:
    try:
        # The reader warns of features that it ignores (validations, odd dates). They mean nothing here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return list(islice(iterator, _BATCH))
    except Exception as error:  # as above
        raise TableError(_DAMAGED) from error


def _check_archive(content: Path | bytes) -> None:
    try:
        with open_binary(content) as stream, zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            _check_kind({part.filename for part in parts})
            _check_sizes(parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        if not _PLAIN_XML.match(opened.read(1024)):
                            raise TableError(_DAMAGED)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise TableError(_DAMAGED) from error


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise TableError("文件是 Excel 二进制工作簿（xlsb）：请另存为 xlsx 再上传。")
    if "mimetype" in names and "content.xml" in names:
        raise TableError("文件是 ODF 表格（ods）：请另存为 xlsx 再上传。")
    if "xl/workbook.xml" not in names:
        raise TableError("文件不是表格：请上传 xlsx 或 csv 文件。")


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    too_large = len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED
    for part in parts:
        if part.filename.lower().endswith("sharedstrings.xml"):
            too_large |= part.file_size > _MAX_SHARED_STRINGS
        if part.file_size > _RATIO_FLOOR:
            too_large |= part.file_size > _MAX_RATIO * max(1, part.compress_size)
    if too_large:
        raise TableError("文件解压后过大，无法读取：请删去空白行列和多余的工作表，或改用 csv，或分成几个文件上传。")
