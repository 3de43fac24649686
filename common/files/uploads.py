"""Checks files that people upload as evidence by their content and limits, and stores them under random names.

They are served only after an access check, as an attachment with `nosniff`. The sender's file name is shown and never
used as a path.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File

from .images import clean_image
from .pdf_scan import check_pdf

SCAN_MAX_BYTES = 10_000_000
SCAN_MAX_SIDE = 4_000
"""The unit is pixels: at A4 this is 340 dpi, where every stamp stays legible."""


class FileType(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"

    @property
    def label(self) -> str:
        return {FileType.JPEG: "JPG 图片", FileType.PNG: "PNG 图片", FileType.PDF: "PDF 文件"}[self]

    @property
    def extension(self) -> str:
        return {FileType.JPEG: "jpg", FileType.PNG: "png", FileType.PDF: "pdf"}[self]


IMAGES = (FileType.JPEG, FileType.PNG)
SCANS = (FileType.JPEG, FileType.PNG, FileType.PDF)


@dataclass(frozen=True)
class CheckedUpload:
    """`data` are the bytes to store, pictures written anew as JPEG; `sha256` is their digest. `original_name` is for
    display only.
    """

    data: bytes
    file_type: FileType
    sha256: str
    original_name: str
    storage_name: str

    @property
    def size(self) -> int:
        return len(self.data)


_OTHER_TYPES = (
    (b"PK\x03\x04", "Office 文档或压缩包"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文档"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"II*\0", "TIFF 图片"),
    (b"MM\0*", "TIFF 图片"),
    (b"MZ", "程序"),
)
_HEIC = re.compile(rb"....ftyp(heic|heix|hevc|mif1|msf1|heim|heis)", re.DOTALL)
_WEBP = re.compile(rb"RIFF....WEBP", re.DOTALL)
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<[!?a-zA-Z]")


def check_upload(
    file: File[Any], allowed: Collection[FileType] = SCANS, max_bytes: int = SCAN_MAX_BYTES
) -> CheckedUpload:
    """Raises ValidationError with a sentence that names the limit and what was given."""
    data = _read_limited(file, max_bytes)
    file_type = sniff(data)
    if file_type is None or file_type not in allowed:
        wanted = "、".join(kind.label for kind in FileType if kind in allowed)
        given = file_type.label if file_type else _describe(data)
        raise ValidationError(f"请上传{wanted}，收到的是{given}。{_advice(data)}", code="upload-type")
    if file_type is FileType.PDF:
        check_pdf(data)
    else:
        data, file_type = clean_image(data, max_side=SCAN_MAX_SIDE), FileType.JPEG
    return CheckedUpload(
        data=data,
        file_type=file_type,
        sha256=hashlib.sha256(data).hexdigest(),
        original_name=display_name(file.name or ""),
        storage_name=random_name(file_type.extension),
    )


def read_picture(file: File[Any], max_bytes: int = SCAN_MAX_BYTES) -> bytes:
    """Answers the bytes of an uploaded JPEG or PNG as they came, for a caller that decodes and writes them anew
    itself.
    """
    data = _read_limited(file, max_bytes)
    if sniff(data) not in IMAGES:
        raise ValidationError(f"请上传 JPG 或 PNG 图片，收到的是{_describe(data)}。{_advice(data)}", code="upload-type")
    return data


def sniff(data: bytes) -> FileType | None:
    if data.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if data.startswith(b"%PDF-"):
        return FileType.PDF
    return None


def random_name(extension: str) -> str:
    """Names have 256 folders and 160 random bits, so that nobody can guess one."""
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name}.{extension}"


def display_name(name: str) -> str:
    """Removes folders, control characters and signs that turn text around, and keeps at most 100 characters."""
    last = re.split(r"[\\/]", name)[-1]
    visible = "".join(char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    stem, dot, extension = visible.strip(" .").rpartition(".")
    shortened = f"{stem[: 99 - len(extension)]}{dot}{extension}" if dot and len(extension) <= 5 else visible[:100]
    return shortened.strip(" .") or "未命名文件"


def _read_limited(file: File[Any], max_bytes: int) -> bytes:
    file.seek(0)
    # One byte more than allowed is read, because the size that a client declares is not trusted.
    data: bytes = file.read(max_bytes + 1)
    if not data:
        raise ValidationError("文件是空的，请重新选择文件。", code="upload-empty")
    if len(data) > max_bytes:
        given = f"，这个文件有 {_megabytes(file.size)}" if file.size and file.size > max_bytes else ""
        raise ValidationError(
            f"文件太大：最多 {_megabytes(max_bytes)}{given}。请降低扫描分辨率或分开上传。", code="upload-too-large"
        )
    return data


def _megabytes(count: int) -> str:
    """Rounds so that a file just over the limit does not read like the limit."""
    return f"{count // 1_000_000} MB" if count % 1_000_000 == 0 else f"{count / 1_000_000:.2f} MB"


def _describe(data: bytes) -> str:
    known = sniff(data)
    if known is not None:
        return known.label
    if _HEIC.match(data):
        return " HEIC 照片"
    if _WEBP.match(data):
        return " WebP 图片"
    if _MARKUP.match(data):
        return "网页或 XML 文件"
    return next((label for magic, label in _OTHER_TYPES if data.startswith(magic)), "无法识别的文件")


def _advice(data: bytes) -> str:
    if _HEIC.match(data):
        return "苹果手机请在“设置—相机—格式”中选择“兼容性最佳”后重新拍照。"
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "请把文档另存为 PDF 后再上传。"
    return ""
