"""Tells by its first bytes what a file is, and says it where it is no table that can be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from common.file_signs import ARCHIVE, JPEG, PDF, PNG

from .csv_source import CsvSource, csv_candidates, open_binary
from .errors import TableError, not_a_table

if TYPE_CHECKING:
    from .xlsx_source import XlsxSource

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_WORD_DOCUMENT = "WordDocument".encode("utf-16-le")
_SAVE_AS = "请用表格软件打开后另存为 xlsx 再上传。"
_NOT_TABLES = {
    PDF: "PDF 文件",
    JPEG: "图片",
    PNG[:4]: "图片",
    b"GIF8": "图片",
    b"BM": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
    b"PK\x05\x06": "空的压缩包",
    b"{\\rtf": "写字板文档（.rtf）",
}
_OLDEST_EXCEL = re.compile(rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00")
"""Workbooks of Excel 2 to 95 begin so when they are not packed into a compound file."""
_XML_2003 = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|progid=.Excel\.Sheet")
_WEB_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*(<(!DOCTYPE|html|table|\?xml|meta)|MIME-Version:)", re.IGNORECASE)


def sources_of(content: Path | bytes, max_bytes: int) -> Sequence[CsvSource | XlsxSource]:
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    if size == 0:
        raise TableError("文件是空的，没有任何内容。")
    if size > max_bytes:
        raise TableError(f"文件有 {size // 1_000_000} MB，最多 {max_bytes // 1_000_000} MB：请分成几个文件上传。")
    with open_binary(content) as stream:
        head = stream.read(1024)
        if head.startswith(_OLE):
            stream.seek(0)
            raise TableError(_ole_sentence(stream.read()))
    if head.startswith(ARCHIVE):
        from .xlsx_source import xlsx_candidates  # noqa: PLC0415  heavy library

        return xlsx_candidates(content)
    if sentence := _why_no_text(head):
        raise TableError(sentence)
    return csv_candidates(content)


def _why_no_text(head: bytes) -> str | None:
    for magic, name in _NOT_TABLES.items():
        if head.startswith(magic) and not (magic == b"BM" and b"\0" not in head):
            return not_a_table(name)
    if _OLDEST_EXCEL.match(head):
        return f"文件是很旧的 Excel 格式（Excel 95 或更早）：{_SAVE_AS}"
    if _XML_2003.search(head):
        return f"文件是另一种格式的表格（XML 表格 2003），这里读不出来：{_SAVE_AS}"
    if _WEB_PAGE.match(head):
        return f"文件实际上是网页格式，只是改了扩展名：{_SAVE_AS}"
    return None


def _ole_sentence(body: bytes) -> str:
    if _ENCRYPTED_PACKAGE in body:
        return "文件设置了打开密码，无法读取：请取消密码后再上传。"
    if _WORD_DOCUMENT in body:
        return not_a_table("Word 文档（.doc）")
    return f"文件是旧版 Excel 格式（xls）：{_SAVE_AS}"
