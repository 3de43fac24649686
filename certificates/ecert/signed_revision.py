"""Appends the revision that holds the signature to a drawn file: signature field, permission, validation data.

The file is read only as far as the revision needs it: its last table, catalogue and first page, as our own writer and
ReportLab spell them. Anything else raises `UnexpectedFile`, so that nothing is signed that was not understood.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.printing.pdf import references, text

_TABLE = re.compile(
    rb"xref\n0 (?P<count>\d{1,6})\n(?P<rows>(?:\d{10} \d{5} [fn][ \r]\n)+)trailer\n(?P<trailer><<.*>>)\nstartxref\n"
    rb"(?P<start>\d{1,10})\n%%EOF\n?",
    re.DOTALL,
)
_ROW = 20
_OBJECT = re.compile(rb"(\d{1,6}) 0 obj\n(<<.*?>>)\nendobj\n", re.DOTALL)
_ID = re.compile(rb"/ID\s*\[\s*<([0-9A-Fa-f]{8,64})>")
_TAKEN = (b"/AcroForm", b"/Perms", b"/DSS", b"/Extensions")
_RANGE_ROOM = 60
"""So many characters are kept for the byte range, whose numbers are known last."""


class UnexpectedFile(ValueError):
    """The drawn file is not built as expected; the message says where."""


@dataclass(frozen=True)
class Statement:
    """Viewers show these about the signature."""

    at: datetime
    reason: str
    location: str
    name: str
    field_name: str


@dataclass(frozen=True)
class Prepared:
    """Is the whole file but for the signature. `before` and `after` are what it covers."""

    before: bytes
    after: bytes
    room: int

    @property
    def digest(self) -> bytes:
        digest = hashlib.sha256(self.before)
        digest.update(self.after)
        return digest.digest()

    def signed(self, signature: bytes) -> bytes:
        """Raises `ValueError` for a signature that is too long."""
        digits = signature.hex().upper().encode("ascii")
        if len(digits) > self.room:
            raise ValueError(f"the signature has {len(digits)} digits, and there is room for {self.room}")
        return b"".join((self.before, b"<", digits.ljust(self.room, b"0"), b">", self.after))


class DrawnFile:
    """Reads what the revision has to repeat. Raises `UnexpectedFile`."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        place = pdf.rfind(b"\nxref\n") + 1
        found = _TABLE.fullmatch(pdf, place) if place else None
        if found is None or int(found["start"]) != place or len(found["rows"]) != _ROW * int(found["count"]):
            raise UnexpectedFile("the drawn file does not end with one plain table of its objects")
        trailer = found["trailer"]
        if b"/Prev" in trailer or b"/Encrypt" in trailer:
            raise UnexpectedFile("the drawn file has several revisions or is encrypted")
        self.size, self.table_at, self._rows = int(found["count"]), place, found["rows"]
        self.root, self.info = self._reference("Root", trailer), self._reference("Info", trailer)
        identifier = _ID.search(trailer)
        if identifier is None:
            raise UnexpectedFile("the drawn file has no identifier")
        self.identifier = identifier[1]
        self.catalogue = self._object(self.root)
        if any(key in self.catalogue for key in _TAKEN):
            raise UnexpectedFile("the drawn file has a form or permissions already")
        pages = self._object(self._reference("Pages", self.catalogue))
        self.page_number = self._reference("Kids", pages)
        self.page = self._object(self.page_number)
        if b"/Annots" in self.page:
            raise UnexpectedFile("the drawn page has annotations already")

    def _reference(self, key: str, dictionary: bytes) -> int:
        found: list[bytes] = re.findall(rb"/%b\s*\[?\s*(\d{1,6}) 0 R" % key.encode("ascii"), dictionary)
        if len(found) != 1:
            raise UnexpectedFile(f"the drawn file has no single {key}")
        return int(found[0])

    def _object(self, number: int) -> bytes:
        """Answers a dictionary as it is written."""
        row = self._rows[_ROW * number : _ROW * (number + 1)]
        found = _OBJECT.match(self._pdf, int(row[:10])) if row[17:18] == b"n" else None
        if found is None or int(found[1]) != number or b"stream" in found[2]:
            raise UnexpectedFile(f"object {number} of the drawn file is no dictionary")
        return found[2]


class _Revision:
    """Collects the objects of the revision, with their offsets in the whole file."""

    def __init__(self, drawn: DrawnFile, start: int) -> None:
        self._drawn, self._next, self._at = drawn, drawn.size, start
        self._offsets: dict[int, int] = {}
        self.content: list[bytes] = []

    def number(self) -> int:
        self._next += 1
        return self._next - 1

    def put(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._at
        self._append(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _append(self, part: bytes) -> None:
        self.content.append(part)
        self._at += len(part)

    def streams(self, contents: Sequence[bytes]) -> list[int]:
        numbers = []
        for content in contents:
            number = self.number()
            self.put(number, b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
            numbers.append(number)
        return numbers

    def finish(self, identifier: str) -> None:
        start, drawn = self._at, self._drawn
        rows = [b"xref\n0 1\n0000000000 65535 f \n"]
        rows += [b"%d 1\n%010d 00000 n \n" % item for item in sorted(self._offsets.items())]
        self._append(b"".join(rows))
        trailer = (
            f"trailer\n<< /Size {self._next} /Root {drawn.root} 0 R /Info {drawn.info} 0 R /Prev {drawn.table_at}"
            f" /ID [<{drawn.identifier.decode('ascii')}><{identifier}>] >>\nstartxref\n{start}\n%%EOF\n"
        )
        self._append(trailer.encode("ascii"))


def prepare(
    pdf: bytes, statement: Statement, *, room: int, certificates: Sequence[bytes] = (), crls: Sequence[bytes] = ()
) -> Prepared:
    """`room` is in hexadecimal digits. Certificates and lists become the document's validation data, where there are
    any: later they would be a second revision.
    """
    drawn = DrawnFile(pdf)
    revision = _Revision(drawn, len(pdf))
    store = _validation_data(revision, certificates, crls)
    form, field, signature = revision.number(), revision.number(), revision.number()
    added = (
        "/Extensions << /ESIC << /Type /DeveloperExtensions /BaseVersion /1.7 /ExtensionLevel 1 >> >>"
        f"{store} /AcroForm {form} 0 R /Perms << /DocMDP {signature} 0 R >>"
    )
    revision.put(drawn.root, _with(drawn.catalogue, added))
    revision.put(drawn.page_number, _with(drawn.page, f"/Annots [ {field} 0 R ]"))
    revision.put(form, f"<< /Fields [ {field} 0 R ] /SigFlags 3 >>".encode("ascii"))
    widget = (
        f"<< /FT /Sig /T {text(statement.field_name)} /Type /Annot /Subtype /Widget /F 132 /Rect [ 0 0 0 0 ]"
        f" /P {drawn.page_number} 0 R /V {signature} 0 R >>"
    )
    revision.put(field, widget.encode("ascii"))
    # The signature itself stands between these two and is filled in last.
    head, tail = b"<<\n/Contents ", _stated(statement)
    gap = b"<" + bytes(room) + b">"
    revision.put(signature, head + gap + tail)
    identity = hashlib.sha256(drawn.identifier + statement.at.isoformat().encode("ascii")).hexdigest()
    revision.finish(identity[:32].upper())
    return _cut(pdf, b"".join(revision.content), room)


def _cut(pdf: bytes, content: bytes, room: int) -> Prepared:
    at = content.index(b"<" + bytes(room) + b">")
    start, end = len(pdf) + at, len(pdf) + at + room + 2
    after = content[at + room + 2 :]
    stated = b"/ByteRange [0 %d %d %d]" % (start, end, len(after))
    after = after.replace(b"\n" + b" " * _RANGE_ROOM, b"\n" + stated.ljust(_RANGE_ROOM), 1)
    return Prepared(pdf + content[:at], after, room)


def _validation_data(revision: _Revision, certificates: Sequence[bytes], crls: Sequence[bytes]) -> str:
    if not certificates and not crls:
        return ""
    stored: Mapping[str, list[int]] = {"Certs": revision.streams(certificates), "CRLs": revision.streams(crls)}
    number = revision.number()
    entries = " ".join(f"/{key} [ {references(numbers)} ]" for key, numbers in stored.items())
    revision.put(number, f"<< {entries} >>".encode("ascii"))
    return f" /DSS {number} 0 R"


def _with(dictionary: bytes, entries: str) -> bytes:
    return b"%b%b\n>>" % (dictionary[:-2], entries.encode("ascii"))


def _stated(statement: Statement) -> bytes:
    zone = f"{statement.at:%z}"
    shown = {"Name": statement.name, "Location": statement.location, "Reason": statement.reason}
    texts = "".join(f"/{key} {text(value)}\n" for key, value in shown.items() if value)
    return (
        f"\n{' ' * _RANGE_ROOM}\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached\n"
        f"/M (D:{statement.at:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:]}')\n{texts}"
        "/Reference [ <<\n/Type /SigRef\n/TransformMethod /DocMDP\n"
        "/TransformParams <<\n/Type /TransformParams\n/V /1.2\n/P 1\n>>\n>> ]\n>>"
    ).encode("ascii")
