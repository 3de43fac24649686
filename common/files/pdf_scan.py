"""Checks that a PDF only shows pages, since a scan needs no scripts, attachments or password.

The bytes are searched first, where whatever is not compressed shows. Objects inside compressed object streams need a
real parser; it meets hostile input, so it runs in a child with limits on time and memory (`common.limited`).
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError

from common.limited.client import Exceeded, Failed, Kind, Limits, run_in_child
from common.limited.slots import Slots

# Shorter names are not searched, because two letters after a slash occur in the bytes of a picture by chance.
ACTIVE_NAMES = (
    "JavaScript",
    "Launch",
    "EmbeddedFile",
    "EmbeddedFiles",
    "RichMedia",
    "XFA",
    "SubmitForm",
    "ImportData",
    "GoToE",
    "Rendition",
)
_MAX_OBJECTS = 50_000
SCANS = Kind(
    "common.files.pdf_scan:work",
    Limits(cpu_seconds=2, memory=800_000_000, files=16),
    Slots("scans", count=2, for_one_source=1),
)


def check_pdf(data: bytes) -> None:
    """Raises ValidationError for a file that cannot be opened, needs a password, or does more than show pages."""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:] or b"startxref" not in data:
        raise _damaged()
    if _ENCRYPTED.search(data):
        raise ValidationError("PDF 设置了密码或权限保护，无法查看：请去掉保护后再上传。", code="pdf-encrypted")
    if _ACTIVE.search(data):
        raise _active()
    if _OBJECT_STREAM.search(data):
        _check_compressed_objects(data)


def _any_spelling(name: str) -> bytes:
    """A name may write any of its characters as # and two hexadecimal digits."""
    return "".join(f"(?:{char}|#(?i:{ord(char):02x}))" for char in name).encode()


_END_OF_NAME = rb"(?=[\s\0/\[\](){}<>%])"
_ACTIVE = re.compile(rb"/(?:" + b"|".join(_any_spelling(name) for name in ACTIVE_NAMES) + rb")" + _END_OF_NAME)
_ENCRYPTED = re.compile(rb"/" + _any_spelling("Encrypt") + _END_OF_NAME)
_OBJECT_STREAM = re.compile(rb"/" + _any_spelling("ObjStm") + _END_OF_NAME)


def _check_compressed_objects(data: bytes) -> None:
    try:
        answer, _ = run_in_child(SCANS, {}, [data])
    except Exceeded as error:
        raise _damaged() from error
    except Failed as error:
        raise ValidationError(
            "暂时无法检查 PDF，这不表示文件有问题。请稍后再上传一次。", code="pdf-unavailable"
        ) from error
    if answer["active"] is None:
        raise _damaged()
    if answer["active"]:
        raise _active()


def _damaged() -> ValidationError:
    return ValidationError("PDF 已损坏或不完整，无法打开：请重新扫描，或打印为 PDF 后再上传。", code="pdf-damaged")


def _active() -> ValidationError:
    return ValidationError(
        "PDF 中含有脚本、附件或可填写的表单，不能接收：请把它打印为普通 PDF，或改为上传扫描图片。", code="pdf-active"
    )


def _has_active_objects(data: bytes) -> bool:
    # The import takes 0.3 s and only the child needs it.
    from pyhanko.pdf_utils import generic  # noqa: PLC0415  child process
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  child process

    reader = PdfFileReader(BytesIO(data), strict=False)
    references = {
        reference
        for revision in range(reader.total_revisions)
        for reference in reader.xrefs.explicit_refs_in_revision(revision)
    }
    if len(references) > _MAX_OBJECTS:
        raise ValueError("too many objects")
    forbidden = {f"/{name}" for name in ACTIVE_NAMES}
    pending: list[object] = [reader.trailer_view, *(reader.get_object(reference) for reference in references)]
    while pending:
        item = pending.pop()
        if isinstance(item, generic.NameObject) and item in forbidden:
            return True
        if isinstance(item, generic.DictionaryObject):
            pending += [part for key in item for part in (key, item.raw_get(key))]
        elif isinstance(item, generic.ArrayObject):
            pending += [item.raw_get(place) for place in range(len(item))]
    return False


def work(arguments: dict[str, Any], pieces: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Runs in the child. None means that the file cannot be read."""
    try:
        return {"active": _has_active_objects(pieces[0])}, []
    except MemoryError:
        raise
    except Exception:  # a parser fed with hostile bytes may raise anything
        return {"active": None}, []


def prepare() -> None:
    """Imports the parser once, for all children."""
    work({}, [b""])
