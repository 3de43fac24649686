"""Draws a letter of an office as PDF/A: addressee, paragraphs, office and date, and a code that leads to its page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from common.findings import Finding, Refused
from common.printing.fonts import Style, outside_fonts, printable

from . import layout
from .archive import Description
from .layout import INK, MUTED, Text, centred, chinese_date, wrap
from .page import Page
from .render import as_attachment, draw_qr

LEFT, RIGHT, TOP, BOTTOM = 90.0, 505.0, 640.0, 240.0
SIZES = (14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0)
LEADING = 1.75


@dataclass(frozen=True)
class PrintedLetter:
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    issuer_name: str
    issued_on: date
    url: str

    def __post_init__(self) -> None:
        fixed = (self.title, self.addressee, self.issuer_name, self.number)
        unprintable = sorted({character for text in fixed for character in outside_fonts(text)})
        if unprintable:
            raise Refused(
                Finding("letter_outside_fonts", f"证书字库没有这些字：{'、'.join(unprintable)}", turn="出具部门")
            )

    def as_data(self) -> dict[str, Any]:
        return asdict(self) | {"issued_on": self.issued_on.isoformat(), "paragraphs": list(self.paragraphs)}


def render_letter(letter: PrintedLetter) -> bytes:
    """Answers the unsigned PDF; the same letter gives the same bytes."""
    page = Page()
    draw_qr(page, letter.url)
    page.write(_texts(letter))
    data = as_attachment(letter.as_data())
    description = Description(f"{letter.title} {letter.number}", letter.issuer_name, letter.number, letter.issued_on)
    return page.finished(description, data, identity=hashlib.sha256(data).digest())


def _texts(letter: PrintedLetter) -> Iterator[Text]:
    yield centred(letter.title, 725, Style.BOLD, 22, INK, spacing=2)
    yield centred(letter.number, 695, Style.REGULAR, 11, MUTED)
    size, lines = _fitting(letter)
    y = TOP
    for line in lines:
        yield Text(LEFT, y, line, size=size)
        y -= size * LEADING
    for position, part in enumerate(wrap(letter.issuer_name, RIGHT - 274, 14.0)):
        yield Text(274, 190 - position * 18, part)
    yield Text(274, 145, chinese_date(letter.issued_on))
    yield Text(layout.QR[0] - 2, layout.QR[1] - layout.QR_QUIET_ZONE - 12, "扫描二维码查验文书", size=8, colour=MUTED)


def _fitting(letter: PrintedLetter) -> tuple[float, list[str]]:
    """Answers the largest size at which all paragraphs find room, those of many short lines run together at last."""
    paragraphs = [printable(text) for text in letter.paragraphs]
    for size in SIZES:
        lines = list(_lines(letter.addressee, paragraphs, size))
        if len(lines) * size * LEADING <= TOP - BOTTOM:
            return size, lines
    joined = [paragraphs[0], "；".join(paragraphs[1:-1]), paragraphs[-1]]
    return SIZES[-1], list(_lines(letter.addressee, joined, SIZES[-1]))


def _lines(addressee: str, paragraphs: list[str], size: float) -> Iterator[str]:
    yield from wrap(f"{addressee}：", RIGHT - LEFT, size)
    for paragraph in paragraphs:
        yield from wrap(f"　　{paragraph}", RIGHT - LEFT, size)
