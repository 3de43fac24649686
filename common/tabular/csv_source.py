"""csv as offices send it: UTF-8 or GB 18030; comma, tab or semicolon."""

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


@dataclass(frozen=True)
class CsvSource:
    """Rows by their number as a spreadsheet shows it, blank ones included; may be read again and again."""

    content: Path | bytes
    encoding: str
    delimiter: str

    def rows(self) -> Iterator[list[str]]:
        with io.TextIOWrapper(open_binary(self.content), encoding=self.encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
            try:
                yield from reader
            except csv.Error as error:
                raise TableError(
                    f"文件第 {reader.line_num} 行附近的引号不成对或单元格过长，无法继续读取："
                    "请用表格软件打开后另存为 xlsx 再上传。"
                ) from error


def csv_candidates(content: Path | bytes) -> list[CsvSource]:
    """One source per delimiter; the header decides which one it is."""
    encoding = _encoding(content)
    return [CsvSource(content, encoding, delimiter) for delimiter in DELIMITERS]


def open_binary(content: Path | bytes) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _encoding(content: Path | bytes) -> str:
    """The whole file is tried, so that no row is taken in before the encoding is sure.

    Text in GB 18030 is practically never valid UTF-8, while nearly everything is valid GB 18030: UTF-8 goes first.
    """
    with open_binary(content) as stream:
        if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise TableError("文件是“Unicode 文本”（UTF-16）编码：请另存为 xlsx 或“CSV UTF-8（逗号分隔）”再上传。")
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(content, encoding):
            return encoding
    raise TableError("文件的文字编码无法识别，可能已损坏：请用表格软件打开后另存为 xlsx 再上传。")


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
