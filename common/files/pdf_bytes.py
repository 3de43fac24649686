"""Finds where a PDF begins and ends in the bytes that somebody sent: mail programs and web servers add bytes around it."""

from __future__ import annotations

import re

from common.file_signs import PDF

HEADER_WITHIN = 1024
"""The unit is bytes. Readers look within them for the header, and from the end for the closing mark."""
PADDING = b"\0\x1a \t\r\n"
_START_OF_TABLE = re.compile(rb"startxref\s+([0-9]{1,10})")
_TABLE = re.compile(rb"\s{0,4}(?:xref\b|[0-9]{1,10}\s+[0-9]{1,5}\s+obj\b)")


def header_at(data: bytes) -> int:
    """Answers the bytes before the header; -1 where there is none."""
    return data.find(PDF, 0, HEADER_WITHIN + len(PDF))


def is_complete(data: bytes) -> bool:
    """Tells whether the closing mark stands at the end, which a download that broke off lacks."""
    return b"%%EOF" in data.rstrip(PADDING)[-2048:] and b"startxref" in data


def without_surroundings(data: bytes) -> bytes:
    """Answers the file as readers open it. Without foreign bytes before it or zeros behind it stays as it is."""
    at = header_at(data)
    if at > 0:
        data = _without_beginning(data, at)
    trimmed = data.rstrip(PADDING)
    if len(data) - len(trimmed) >= HEADER_WITHIN or data.endswith((b"\0", b"\x1a")):
        data = trimmed + b"\n"
    return data


def _without_beginning(data: bytes, at: int) -> bytes:
    """Takes the foreign bytes off, or moves the header before them where the offsets count from them."""
    stripped = data[at:]
    if _finds_its_table(stripped) or not _finds_its_table(data):
        return stripped
    version = at + len(PDF) + 3
    return data[at:version] + b"\n" * at + data[version:]


def _finds_its_table(data: bytes) -> bool:
    found = list(_START_OF_TABLE.finditer(data, max(0, len(data) - 16_384)))
    return bool(found) and _TABLE.match(data, int(found[-1][1])) is not None
