"""Writes a PDF from finished objects, the fast way for a document of which thousands are made.

Most of a certificate never changes: its ground, colour profile, seal and headings. They are compressed once for a process
and put into every file as they are; what is left is little more than joining bytes. The same objects give the same file.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

HEADER = b"%PDF-1.7\n%\xe4\xb8\xad\xe6\x96\x87\n"
_PLAIN = frozenset(range(0x20, 0x7F)) - set(b"()\\")


class PdfFile:
    """Numbers its objects in the order in which they are added."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def add(self, body: str | bytes) -> int:
        self._objects.append(body if isinstance(body, bytes) else body.encode("ascii"))
        return len(self._objects)

    @property
    def count(self) -> int:
        """Answers the number of the object that was added last."""
        return len(self._objects)

    def stream(self, entries: str, content: bytes, *, compressed: bool = False) -> int:
        """`compressed` says that the content is deflated already; otherwise it is written as it is."""
        filtered = " /Filter /FlateDecode" if compressed else ""
        head = f"<< {entries}{filtered} /Length {len(content)} >>\nstream\n"
        return self.add(b"".join((head.encode("ascii"), content, b"\nendstream")))

    def finished(self, *, root: int, info: int, identifier: bytes) -> bytes:
        parts, offsets, size = [HEADER], [], len(HEADER)
        for number, body in enumerate(self._objects, start=1):
            offsets.append(size)
            part = b"%d 0 obj\n%b\nendobj\n" % (number, body)
            parts.append(part)
            size += len(part)
        table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
        digest = identifier[:16].hex().upper()
        end = (
            f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{table}"
            f"trailer\n<< /Size {len(offsets) + 1} /Root {root} 0 R /Info {info} 0 R /ID [<{digest}><{digest}>] >>\n"
            f"startxref\n{size}\n%%EOF\n"
        )
        parts.append(end.encode("ascii"))
        return b"".join(parts)


def deflated(content: bytes) -> bytes:
    """Level 1 makes output a tenth larger than the default and takes a third of the time."""
    return zlib.compress(content, 1)


def deflated_once(content: bytes) -> bytes:
    """Serves for what is kept for the whole process."""
    return zlib.compress(content, 9)


def text(value: str) -> str:
    """Writes a text string: as it reads where it is plain ASCII, in UTF-16 otherwise."""
    if value.isascii() and _PLAIN.issuperset(value.encode("ascii")):
        return f"({value})"
    return f"<FEFF{value.encode('utf-16-be').hex().upper()}>"


def references(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)
