"""Chooses for each character of certificates and receipts the font that draws it, and measures text.

The fonts are subsets (see `devtools/make_fonts.py`): common ones, an extension, and rare characters in parts that are
unpacked only when a name needs them. The first font that has a character draws it; a character that none has is an
error, because ReportLab would silently draw nothing.
"""

from __future__ import annotations

import json
import lzma
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from threading import Lock

from fontTools.ttLib import TTFont as OutlineFont
from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics

from .font_program import FontProgram
from .reportlab_fixes import PrintFont

_FOLDER = Path(__file__).parent / "assets" / "fonts"
_LOADING = Lock()  # two threads that meet a rare name at once would register the font twice


class Style(StrEnum):
    REGULAR = "regular"
    BOLD = "bold"
    SANS = "sans"


_FALLBACK = {
    Style.REGULAR: (Style.REGULAR,),
    Style.BOLD: (Style.BOLD, Style.REGULAR),
    Style.SANS: (Style.SANS, Style.BOLD, Style.REGULAR),
}


class CharacterOutsideFonts(ValueError):
    """No font has the character. Faces are validated before they are drawn, so this is a fault of the caller."""


@dataclass(frozen=True)
class FontFile:
    name: str
    style: Style
    path: Path
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    def has(self, character: str) -> bool:
        code = ord(character)
        index = bisect_right(self.firsts, code) - 1
        return index >= 0 and code <= self.lasts[index]

    def data(self) -> bytes:
        packed = self.path.read_bytes()
        return lzma.decompress(packed) if self.path.suffix == ".xz" else packed


@lru_cache(maxsize=1)
def font_files() -> tuple[FontFile, ...]:
    """Orders the files by preference within a style."""
    files = []
    for entry in json.loads((_FOLDER / "fonts.json").read_text(encoding="utf-8")):
        ends = [part.partition("-") for part in entry["ranges"].split()]
        firsts = tuple(int(first, 16) for first, _, _ in ends)
        lasts = tuple(int(last or first, 16) for first, _, last in ends)
        files.append(FontFile(entry["name"], Style(entry["style"]), _FOLDER / entry["file"], firsts, lasts))
    return tuple(files)


@cache
def _by_name() -> dict[str, FontFile]:
    return {file.name: file for file in font_files()}


@lru_cache(maxsize=4096)
def font_for(character: str, style: Style = Style.REGULAR) -> str | None:
    for wanted in _FALLBACK[style]:
        for file in font_files():
            if file.style is wanted and file.has(character):
                return file.name
    return None


def outside_fonts(text: str) -> list[str]:
    """Answers the characters that no font can draw, each once, in order of appearance."""
    return [character for character in dict.fromkeys(text) if font_for(character) is None]


NO_GLYPH = "〓"
"""Printers of Chinese set this sign for a character that they have not got."""


def printable(text: str, sign: str = NO_GLYPH) -> str:
    """Answers the text with a sign for each character that no font has, so that one name never stops a whole paper."""
    missing = set(outside_fonts(text))
    return "".join(sign if character in missing else character for character in text)


def runs(text: str, style: Style = Style.REGULAR) -> list[tuple[str, str]]:
    """Cuts `text` into pairs of font name and piece. Raises CharacterOutsideFonts."""
    missing = outside_fonts(text)
    if missing:
        raise CharacterOutsideFonts(" ".join(f"U+{ord(character):04X}" for character in missing))
    pieces = []
    for name, characters in groupby(text, key=lambda character: font_for(character, style)):
        pieces.append((name or "", "".join(characters)))  # never "": nothing is missing
    return pieces


@cache
def print_font(name: str) -> PrintFont:
    """Answers the font registered with ReportLab under its name; it is read from disk on first use."""
    with _LOADING:
        if name in pdfmetrics.getRegisteredFontNames():
            registered: PrintFont = pdfmetrics.getFont(name)
            return registered
        font = PrintFont(name, BytesIO(_by_name()[name].data()), asciiReadable=False, shapable=False)
        pdfmetrics.registerFont(font)
        return font


@cache
def font_program(name: str) -> FontProgram:
    """Serves documents that are written without ReportLab, and every measuring."""
    return FontProgram(_by_name()[name].data())


def text_width(text: str, style: Style, size: float) -> float:
    """The width is in points."""
    return size * sum(_advance(character, style) for character in text)


@lru_cache(maxsize=4096)
def _advance(character: str, style: Style) -> float:
    ((name, _),) = runs(character, style)
    return font_program(name).advance(ord(character)) / 1000


@lru_cache(maxsize=2)
def outline_font(name: str) -> OutlineFont:
    """Serves for text that becomes a path, as in the seal."""
    return OutlineFont(BytesIO(_by_name()[name].data()), lazy=True)


@lru_cache(maxsize=32)
def image_font(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    """Serves for the preview image."""
    return ImageFont.truetype(BytesIO(_image_data(name)), pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4)
def _image_data(name: str) -> bytes:
    return _by_name()[name].data()
