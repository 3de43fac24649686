"""Embeds the glyphs that a document draws, each font in parts of at most 255 characters, with maps back to text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from .fonts import font_program
from .pdf import PdfFile, deflated
from .text_maps import to_unicode_map

_MOST = 256
"""A code is one byte, and 0 is kept for the missing glyph."""
_SYMBOLIC, _FORCED_BOLD = 1 << 2, 1 << 18


class EmbeddedFonts:
    """Gives codes to the characters of one document in the order of their appearance."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, list[int]]] = []
        self._codes: dict[tuple[str, str], tuple[int, int]] = {}
        self._open: dict[str, int] = {}

    def encoded(self, font_name: str, piece: str) -> Iterator[tuple[str, str]]:
        """Yields pairs of the font's name on the page and codes in hexadecimal digits."""
        current, codes = -1, bytearray()
        for character in piece:
            part, code = self._codes.get((font_name, character)) or self._assigned(font_name, character)
            if part != current and codes:
                yield _name(current), codes.hex()
                codes.clear()
            current = part
            codes.append(code)
        if codes:
            yield _name(current), codes.hex()

    def _assigned(self, font_name: str, character: str) -> tuple[int, int]:
        part = self._open.get(font_name)
        if part is None or len(self._parts[part][1]) == _MOST:
            part = self._open[font_name] = len(self._parts)
            self._parts.append((font_name, [0]))
        characters = self._parts[part][1]
        place = self._codes[font_name, character] = part, len(characters)
        characters.append(ord(character))
        return place

    def written(self, pdf: PdfFile) -> str:
        """Adds every font to the file and answers the entries of its page's font resources."""
        entries = []
        for part, (font_name, characters) in enumerate(self._parts):
            tag = f"{_tag(part)}+{font_name}"
            entries.append(f"/{_name(part)} {_font(pdf, tag, font_name, tuple(characters))} 0 R")
        return " ".join(entries)


def _name(part: int) -> str:
    return f"F{part + 1}"


def _tag(part: int) -> str:
    """Six capital letters mark a font as a subset, and tell two subsets of one font apart."""
    return "AAAA" + chr(ord("A") + part // 26) + chr(ord("A") + part % 26)


def _font(pdf: PdfFile, tag: str, font_name: str, characters: tuple[int, ...]) -> int:
    length, program, text_map = _streams(tag, font_name, characters)
    font = font_program(font_name)
    metrics = font.metrics
    flags = _SYMBOLIC | (_FORCED_BOLD if metrics.is_forced_bold else 0)
    file = pdf.stream(f"/Length1 {length}", program, compressed=True)
    descriptor = pdf.add(
        f"<< /Type /FontDescriptor /FontName /{tag} /Flags {flags} /FontBBox [{' '.join(map(str, metrics.box))}]"
        f" /ItalicAngle 0 /Ascent {metrics.ascent} /Descent {metrics.descent} /CapHeight {metrics.cap_height}"
        f" /StemV {metrics.stem} /MissingWidth {font.missing_width} /FontFile2 {file} 0 R >>"
    )
    to_unicode = pdf.stream("", text_map, compressed=True)
    widths = " ".join(str(font.advance(code) if code else font.missing_width) for code in characters)
    return pdf.add(
        f"<< /Type /Font /Subtype /TrueType /BaseFont /{tag} /FirstChar 0 /LastChar {len(characters) - 1}"
        f" /Widths [{widths}] /FontDescriptor {descriptor} 0 R /ToUnicode {to_unicode} 0 R >>"
    )


@lru_cache(maxsize=32)
def _streams(tag: str, font_name: str, characters: Sequence[int]) -> tuple[int, bytes, bytes]:
    """Headings have the same characters on every certificate, so their fonts are made once for many documents."""
    program = font_program(font_name).subset(characters)
    return len(program), deflated(program), deflated(to_unicode_map(tag, characters).encode("ascii"))
