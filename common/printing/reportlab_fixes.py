"""Corrects ReportLab 5.1, which draws the receipt, where it writes PDF that is wrong.

1. ToUnicode maps write a character beyond the BMP as five hexadecimal digits, while the format asks for UTF-16BE, and for
   at most 100 entries a block. Readers then copy a wrong name. `to_unicode_map` corrects it.
2. Two fonts with one PostScript name share their objects, so one is drawn with the other's glyphs (`PrintFont`).
3. The whole glyph table is copied for every document, which takes a third of the time of a page (`PrintFont`).
4. There is no end-of-line before `endstream`, which PDF/A demands, and ASCII85 enlarges pages (`mend_streams`).
5. Document information and identifier follow the clock (`Information`, `set_identifier`).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import SUBSETN, TTFNameBytes, TTFont, TTFontFace

from .text_maps import to_unicode_map

_END = b"endstream\n"


class FastCompression:
    """Level 1 makes output a tenth larger than the default and takes a third of the time."""

    pdfname = "FlateDecode"

    def encode(self, content: bytes | str) -> bytes:
        return zlib.compress(content.encode("utf-8") if isinstance(content, str) else content, 1)


FAST = FastCompression()


def stream(content: bytes | str, entries: dict[str, Any], *, compressed: bool = True) -> pdfdoc.PDFStream:
    return pdfdoc.PDFStream(pdfdoc.PDFDictionary(dict(entries)), content, [FAST] if compressed else [])


class _TableView:
    """Copies only those slices of a font table that are taken from it."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data, self._start = data, start

    def __getitem__(self, part: slice) -> bytes:
        return self._data[self._start + part.start : self._start + part.stop]


class PrintFace(TTFontFace):
    def get_table(self, tag: str) -> bytes | _TableView:
        if tag == "glyf":
            return _TableView(self._ttf_data, self.get_table_pos(tag)[0])
        return super().get_table(tag)  # type: ignore[no-any-return]


class PrintFont(TTFont):
    def __init__(self, name: str, *args: Any, **options: Any) -> None:
        super().__init__(name, *args, **options)
        self.face.__class__ = PrintFace  # TTFont names its face class in its constructor
        # Registering would otherwise give a second font with this PostScript name the face of the first.
        self.face.name = TTFNameBytes(name.encode("ascii"))

    def addObjects(self, doc: pdfdoc.PDFDocument) -> None:
        """Does as the original, with own object names for each font, a correct ToUnicode map and fast compression."""
        state = self.state[doc]
        state.frozen = 1
        for index, subset in enumerate(state.subsets):
            internal_name = self.getSubsetInternalName(index, doc)[1:]
            tag = b"".join((SUBSETN(index), b"+", self.face.name)).decode("ascii")
            font = pdfdoc.PDFTrueTypeFont()
            font.Name, font.BaseFont = internal_name, tag
            font.FirstChar, font.LastChar = 0, len(subset) - 1
            font.Widths = pdfdoc.PDFArray([self.face.getCharWidth(code) for code in subset])
            font.ToUnicode = doc.Reference(stream(to_unicode_map(tag, subset), {}), f"toUnicode:{internal_name}")
            font.FontDescriptor = self._descriptor(doc, tag, internal_name, subset)
            doc.Reference(font, internal_name)
            doc.idToObject["BasicFonts"].dict[internal_name] = font
        del self.state[doc]

    def _descriptor(
        self, doc: pdfdoc.PDFDocument, tag: str, internal_name: str, subset: Sequence[int]
    ) -> pdfdoc.PDFObjectReference:
        face = self.face
        program = face.makeSubset(subset)
        symbolic, nonsymbolic = 1 << 2, 1 << 5
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "Ascent": face.ascent,
                "CapHeight": face.capHeight,
                "Descent": face.descent,
                "Flags": face.flags & ~nonsymbolic | symbolic,
                "FontBBox": pdfdoc.PDFArray(face.bbox),
                "FontName": pdfdoc.PDFName(tag),
                "ItalicAngle": face.italicAngle,
                "StemV": face.stemV,
                "FontFile2": doc.Reference(stream(program, {"Length1": len(program)}), f"fontFile:{internal_name}"),
                "MissingWidth": face.defaultWidth,
            }
        )
        return doc.Reference(descriptor, f"fontDescriptor:{internal_name}")


class Information(pdfdoc.PDFObject):
    """Writes document information with a given date instead of the clock's."""

    invariant = 1

    def __init__(self, entries: dict[str, str], day: date) -> None:
        self.entries, self.day = entries, day

    def digest(self, signature: Any) -> None:
        """The identifier does not come from a running digest but from `set_identifier`."""

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        values = {key: pdfdoc.PDFString(value) for key, value in self.entries.items()}
        values["CreationDate"] = values["ModDate"] = pdfdoc.PDFString(f"D:{self.day:%Y%m%d}000000+08'00'")
        formatted: bytes = pdfdoc.PDFDictionary(values).format(document)
        return formatted


def set_identifier(doc: pdfdoc.PDFDocument, digest: bytes) -> None:
    text = digest[:16].hex().upper()
    doc._ID = f"[<{text}><{text}>]\n".encode("ascii")


def mend_streams() -> None:
    """Patches ReportLab's stream class, since pages and fonts make their streams themselves. It may be called again."""
    rl_config.useA85 = 0
    original = pdfdoc.PDFStream.format
    if getattr(original, "ends_with_newline", False):
        return

    def format_with_newline(self: pdfdoc.PDFStream, document: pdfdoc.PDFDocument) -> bytes:
        formatted: bytes = original(self, document)
        return formatted[: -len(_END)] + b"\n" + _END

    format_with_newline.ends_with_newline = True  # type: ignore[attr-defined]
    pdfdoc.PDFStream.format = format_with_newline
