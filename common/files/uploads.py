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
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File

from . import kinds
from .images import clean_image
from .pdf_scan import clean_pdf

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


ACCEPTED_PICTURES = "image/*"
"""For the file chooser: telephones then offer camera and album, and Safari sends HEIC as JPEG."""
ACCEPTED_SCANS = f"{ACCEPTED_PICTURES},application/pdf"
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


def check_upload(
    file: File[Any], allowed: Collection[FileType] = SCANS, max_bytes: int = SCAN_MAX_BYTES
) -> CheckedUpload:
    """Raises ValidationError with a sentence that names the limit and what was given."""
    data = _read_limited(file, max_bytes)
    file_type = sniff(data)
    if file_type is None or file_type not in allowed:
        wanted = "、".join(kind.label for kind in FileType if kind in allowed)
        raise ValidationError(kinds.refusal(f"请上传{kinds.spaced(wanted)}", data), code="upload-type")
    if file_type is FileType.PDF:
        data = clean_pdf(data)
    else:
        data, file_type = clean_image(data, max_side=SCAN_MAX_SIDE), FileType.JPEG
    return CheckedUpload(
        data=data,
        file_type=file_type,
        sha256=hashlib.sha256(data).hexdigest(),
        original_name=display_name(file.name or ""),
        storage_name=random_name(file_type.extension),
    )


def sniff(data: bytes) -> FileType | None:
    """As what the file is stored: every picture that is decoded here becomes a JPEG, if it is no PNG."""
    picture = kinds.picture_of(data)
    if picture is not None:
        return FileType.PNG if picture is kinds.Picture.PNG else FileType.JPEG
    return FileType.PDF if kinds.is_pdf(data) else None


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
    if refusal := getattr(file, "refusal", ""):
        raise ValidationError(refusal, code="not-received")
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


class KeptUpload(Protocol):
    """A row that keeps an upload beside the facts by which it is shown and found again."""

    original_name: Any
    content_type: Any
    size: Any
    sha256: Any
    file: Any

    def save(self) -> None: ...


def keep_upload(row: KeptUpload, upload: CheckedUpload) -> None:
    """Stores the file and the row. A name is cut to the 255 characters that the columns hold."""
    row.original_name, row.content_type = upload.original_name[:255], upload.file_type.value
    row.size, row.sha256 = upload.size, upload.sha256
    row.file.save(upload.storage_name, ContentFile(upload.data), save=False)
    row.save()
