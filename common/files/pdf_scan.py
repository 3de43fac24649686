"""Checks that a PDF only shows pages, since a scan needs no scripts or attachments and opens without a password.

The bytes are searched first: whatever is not compressed shows there. Compressed objects, encrypted files and attachments
need a real parser; it meets hostile input, so it runs in a child with limits on time and memory (`common.limited`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError

from common.file_signs import PDF
from common.limited.client import Exceeded, Failed, Kind, Limits, UsedUp, run_in_child
from common.limited.slots import Slots

from . import pdf_bytes
from .images import NOT_LOOKED_AT

ATTACHMENT = "带附件"
CAUSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # No shorter names: in the bytes of a picture two letters after a slash come up by chance.
        "含有脚本（JavaScript）": ("JavaScript",),
        "含有会运行程序或向外发送内容的动作": ("Launch", "SubmitForm", "ImportData", "GoToE"),
        "嵌有音频或视频": ("RichMedia", "Rendition"),
        "含有可填写的表单（XFA）": ("XFA",),
        ATTACHMENT: ("EmbeddedFile", "EmbeddedFiles", "FileAttachment"),
    }
)
_CAUSE_OF = {name: cause for cause, names in CAUSES.items() for name in names}
_MAX_OBJECTS = 50_000
LARGEST_DATA = 1_000_000
"""The unit is bytes of one attached file, unpacked."""
SCANS = Kind(
    "common.files.pdf_scan:work",
    Limits(cpu_seconds=2, memory=800_000_000, files=16),
    Slots("scans", count=2, for_one_source=1),
)


def clean_pdf(data: bytes) -> bytes:
    """Answers what is to be stored, which is the file as it came but for bytes around it. Raises as `check_pdf` does."""
    data = pdf_bytes.without_surroundings(data)
    check_pdf(data)
    return data


def check_pdf(data: bytes) -> None:
    """Raises ValidationError for a file that cannot be opened, needs a password, or does more than show pages."""
    if not data.startswith(PDF) or not pdf_bytes.is_complete(data):
        raise _damaged()
    causes = {_CAUSE_OF[_plain(found[1])] for found in _ACTIVE.finditer(data)}
    if _FILES_IN_IT.search(data):
        causes.add(ATTACHMENT)
    # A signed certificate carries its data: whether it is no more than that, only the parser sees.
    may_be_data = causes == {ATTACHMENT} and _is_signed_whole(data)
    if may_be_data or (not causes and (_ENCRYPTED.search(data) or _OBJECT_STREAM.search(data))):
        causes = _causes_inside(data)
    if causes:
        raise _active(causes)


def _any_spelling(name: str) -> bytes:
    """A name may write any of its characters as # and two hexadecimal digits."""
    return "".join(f"(?:{char}|#(?i:{ord(char):02x}))" for char in name).encode()


def _plain(name: bytes) -> str:
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), name).decode("ascii")


_END_OF_NAME = rb"(?=[\s\0/\[\](){}<>%])"
_ACTIVE = re.compile(rb"/(" + b"|".join(_any_spelling(name) for name in _CAUSE_OF) + rb")" + _END_OF_NAME)
_ENCRYPTED = re.compile(rb"/" + _any_spelling("Encrypt") + _END_OF_NAME)
_OBJECT_STREAM = re.compile(rb"/" + _any_spelling("ObjStm") + _END_OF_NAME)
_FILES_IN_IT = re.compile(rb"/EF\s*(?:<<|[0-9]{1,10}\s+[0-9]{1,5}\s+R\b)")
"""An attached file need not call itself one: whatever describes it names its bytes so."""
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+[0-9]{1,9}\s+([0-9]{1,9})\s+([0-9]{1,9})\s*\]")


def _is_signed_whole(data: bytes) -> bool:
    """Tells whether some signature covers the file up to its end, but for line breaks behind it."""
    least = len(data.rstrip(pdf_bytes.PADDING))
    return any(least <= int(found[1]) + int(found[2]) <= len(data) for found in _BYTE_RANGE.finditer(data))


def _causes_inside(data: bytes) -> set[str]:
    try:
        answer, _ = run_in_child(SCANS, {"data_is_welcome": _is_signed_whole(data)}, [data])
    except UsedUp as error:
        raise ValidationError(NOT_LOOKED_AT, code="pdf-later") from error
    except Exceeded as error:
        raise _damaged() from error
    except Failed as error:
        raise ValidationError(
            "暂时无法检查 PDF，这不表示文件有问题。请稍后再上传一次。", code="pdf-unavailable"
        ) from error
    if answer.get("locked"):
        raise ValidationError(
            "PDF 设置了打开密码，不输入密码无法查看：请去掉密码（例如打开后打印为 PDF）再上传。", code="pdf-encrypted"
        )
    if answer["causes"] is None:
        raise _damaged()
    return set(answer["causes"])


def _damaged() -> ValidationError:
    return ValidationError("PDF 已损坏或不完整，无法打开：请重新扫描，或打印为 PDF 后再上传。", code="pdf-damaged")


def _active(causes: Iterable[str]) -> ValidationError:
    named = [cause for cause in CAUSES if cause in set(causes)]
    advice = "请把它打印为普通 PDF，或改为上传扫描图片。"
    if named == [ATTACHMENT]:
        advice = (
            "请去掉附件后再上传，附件里的材料请另外上传。带电子签名的电子证书请上传下载的原文件，不要另存或添加内容。"
        )
    return ValidationError(f"PDF {'，'.join(named)}，不能接收：{advice}", code="pdf-active")


def _causes(data: bytes, data_is_welcome: bool) -> set[str]:
    found: set[str] = set()
    for item in _items(data):
        if isinstance(item, str):
            found |= {_CAUSE_OF[item[1:]]} if item[1:] in _CAUSE_OF else set()
        elif not (data_is_welcome and _is_plain_data(item)):
            return found | {ATTACHMENT}
    return found - {ATTACHMENT} if data_is_welcome else found


def _items(data: bytes) -> Iterator[Any]:
    """Yields every name that the file uses, and every dictionary that describes an attached file."""
    # Costs 0.3 s and is needed by the separate process alone.
    from pyhanko.pdf_utils import generic  # noqa: PLC0415  child process

    reader = _opened(data)
    references = {
        reference
        for revision in range(reader.total_revisions)
        for reference in reader.xrefs.explicit_refs_in_revision(revision)
    }
    if len(references) > _MAX_OBJECTS:
        raise ValueError("too many objects")
    pending: list[object] = [reader.trailer_view, *(reader.get_object(reference) for reference in references)]
    while pending:
        item = pending.pop()
        if isinstance(item, generic.NameObject):
            yield str(item)
        elif isinstance(item, generic.DictionaryObject):
            if "/EF" in item:
                yield item
            pending += [part for key in item for part in (key, item.raw_get(key))]
        elif isinstance(item, generic.ArrayObject):
            pending += [item.raw_get(place) for place in range(len(item))]


class _Locked(Exception):
    """The file wants a password."""


def _opened(data: bytes) -> Any:
    """Opens the file with the empty password, which suffices where only printing or changing is protected. Raises _Locked."""
    from pyhanko.pdf_utils.crypt import AuthStatus  # noqa: PLC0415  child process
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  child process

    reader = PdfFileReader(BytesIO(data), strict=False)
    if reader.encrypted:
        try:
            is_open = reader.decrypt(b"").status != AuthStatus.FAILED
        except Exception as error:  # for certain readers only, or by a method of encryption that nobody knows
            raise _Locked from error
        if not is_open:
            raise _Locked
    return reader


def _is_plain_data(description: Any) -> bool:
    """Tells whether each attached file is JSON or XML and is named so, which no double click runs."""
    name = str(description.get("/UF") or description.get("/F") or "").lower()
    for stream in dict(description["/EF"]).values():
        content = stream.get_object().data
        if len(content) > LARGEST_DATA or not _reads_as(name, content):
            return False
    return True


def _reads_as(name: str, content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
        if name.endswith(".json"):
            json.loads(text)
            return True
    except (ValueError, RecursionError):
        return False
    beginning = text.lstrip()[:4096].lower()
    return (
        name.endswith(".xml")
        and beginning.startswith("<")
        and not re.search(r"<!|<\?xml-stylesheet|<(?:\w+:)?(?:html|svg|script|job|package|component)\b", text.lower())
    )


def work(arguments: dict[str, Any], pieces: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Runs in the child. None means that the file cannot be read."""
    try:
        return {"causes": sorted(_causes(pieces[0], bool(arguments.get("data_is_welcome"))))}, []
    except MemoryError:
        raise
    except _Locked:
        return {"causes": None, "locked": True}, []
    except Exception:  # a parser fed with hostile bytes may raise anything
        return {"causes": None}, []


def prepare() -> None:
    """Imports the parser once, for all children."""
    work({}, [b""])
    # The ciphers of encrypted files are loaded at their first use: a child can open few files.
    from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler  # noqa: F401, PLC0415  child process
