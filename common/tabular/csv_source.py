"""Reads csv as offices send it: UTF-8 or GB 18030; comma, tab or semicolon."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .errors import TableError

DELIMITERS = (",", "\t", ";")
_CHUNK = 1 << 20
_LONGEST_LINE = 10_000


@dataclass(frozen=True)
class CsvSource:
    """Gives rows by their number as a spreadsheet shows it, blank ones included; they may be read again and again."""

    content: Path | bytes
    encoding: str
    delimiter: str

    name = ""

    def close(self) -> None:
        """Does nothing: each reading opens the file for itself."""

    def rows(self) -> Iterator[list[str]]:
        with io.TextIOWrapper(open_binary(self.content), encoding=self.encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
            begun = 1
            try:
                for row in reader:
                    yield row
                    begun = reader.line_num + 1
            except csv.Error as error:
                raise TableError(_broken(error, begun)) from error

    def first_lines(self, count: int) -> list[str]:
        with io.TextIOWrapper(open_binary(self.content), encoding=self.encoding) as stream:
            return [stream.readline(_LONGEST_LINE) for _ in range(count)]


def _broken(error: csv.Error, line: int) -> str:
    cure = "请用表格软件打开后另存为 xlsx 再上传。"
    if "field larger" in str(error):
        return f"文件第 {line} 行附近的单元格过长（多半是引号不成对），无法继续读取：{cure}"
    return f"文件第 {line} 行附近的引号不成对，无法继续读取：请改正这一行的英文双引号，或者{cure}"


def csv_candidates(content: Path | bytes) -> list[CsvSource]:
    """Answers one source for each delimiter; the header decides which one it is."""
    encoding = _encoding(content)
    return [CsvSource(content, encoding, delimiter) for delimiter in DELIMITERS]


def open_binary(content: Path | bytes) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _encoding(content: Path | bytes) -> str:
    """The whole file is tried, so that no row is taken in before the encoding is sure.

    Text in GB 18030 is practically never valid UTF-8, while nearly everything is valid GB 18030, so UTF-8 is tried
    first.
    """
    with open_binary(content) as stream:
        head = stream.read(200)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _without_mark(head):
            raise TableError("文件是“Unicode 文本”（UTF-16）编码：请另存为 xlsx 或“CSV UTF-8（逗号分隔）”再上传。")
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(content, encoding):
            return encoding
    raise TableError("文件的文字编码无法识别，可能已损坏：请用表格软件打开后另存为 xlsx 再上传。")


def _without_mark(head: bytes) -> bool:
    """Recognises UTF-16 without its mark: commas, digits and line ends have a null byte beside them."""
    return head.count(b",\0") + head.count(b"\0,") > 1


def _decodes(content: Path | bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with open_binary(content) as stream:
        try:
            while chunk := stream.read(_CHUNK):
                if b"\0" in chunk:
                    raise TableError("文件中有无效字符（空字节），不是文本表格：请用表格软件打开后另存为 xlsx 再上传。")
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
