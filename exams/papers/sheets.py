"""Writes a PDF of many A4 pages that share their fonts: texts, lines, photos and QR codes.

What is read and not only looked up gets bookmarks and tags: whatever is drawn within `told_as` is read out as that
element, and what is drawn within `passed_over` is not read out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO

from PIL import Image

from certificates.ecert.archive import Description, information
from certificates.ecert.layout import PAGE_HEIGHT, PAGE_WIDTH, Text
from certificates.ecert.page import Box, box, colour, short
from common.printing import qr
from common.printing.embedded_fonts import EmbeddedFonts
from common.printing.fonts import Style, printable, runs, text_width
from common.printing.pdf import PdfFile, deflated, references
from common.printing.structure import Bookmark, Element, write_bookmarks, write_structure


class Sheets:
    """Is drawn page by page, from back to front; a page is begun by `begin_page`."""

    def __init__(self) -> None:
        self._pdf = PdfFile()
        self._fonts = EmbeddedFonts()
        self._pages: list[tuple[int, dict[str, int]]] = []
        self._operators: list[str] = []
        self._images: dict[str, int] = {}
        self._is_open = False
        self._elements: list[Element] = []
        self._bookmarks: list[Bookmark] = []
        self._marks = 0

    def begin_page(self) -> None:
        self._end_page()
        self._is_open = True

    def _end_page(self) -> None:
        if self._is_open:
            content = self._pdf.stream("", deflated("\n".join(self._operators).encode("ascii")), compressed=True)
            self._pages.append((content, self._images))
        self._operators, self._images, self._is_open, self._marks = [], {}, False, 0

    def element(self, role: str, alternative: str = "") -> Element:
        self._elements.append(Element(role, alternative))
        return self._elements[-1]

    @contextmanager
    def told_as(self, element: Element) -> Iterator[None]:
        """Ends before the page is turned; on the next page the same element goes on."""
        self._operators.append(f"/{element.role} <</MCID {self._marks}>> BDC")
        element.parts.append((len(self._pages), self._marks))
        self._marks += 1
        yield
        self._operators.append("EMC")

    @contextmanager
    def passed_over(self) -> Iterator[None]:
        self._operators.append("/Artifact BMC")
        yield
        self._operators.append("EMC")

    def bookmark(self, title: str, y: float) -> None:
        self._bookmarks.append(Bookmark(title, len(self._pages), y))

    def write(self, texts: Iterable[Text]) -> None:
        """A character that no font has is drawn as a sign for it, so that one name never stops all the others."""
        for one in texts:
            parts = [f"BT {colour(one.colour)} rg {short(one.x)} {short(one.y)} Td"]
            for font_name, piece in runs(printable(one.text), one.style):
                for font, codes in self._fonts.encoded(font_name, piece):
                    parts.append(f"/{font} {short(one.size)} Tf <{codes}> Tj")
            self._operators.append(" ".join([*parts, "ET"]))

    def line(
        self, x: float, y: float, to_x: float, to_y: float, *, width: float = 0.5, is_dashed: bool = False
    ) -> None:
        dash = "[4 3] 0 d" if is_dashed else "[] 0 d"
        ends = f"{short(x)} {short(y)} m {short(to_x)} {short(to_y)} l"
        self._operators.append(f"0 0 0 RG {width} w {dash} {ends} S")

    def frame(self, corners: Box, *, width: float = 0.5) -> None:
        self._operators.append(f"0 0 0 RG {width} w [] 0 d {box(corners)} re S")

    def photo(self, jpeg: bytes, corners: Box) -> None:
        """Embeds the JPEG as it is. Where there is none, the frame says so."""
        if jpeg:
            with Image.open(BytesIO(jpeg), formats=["JPEG"]) as picture:
                width, height = picture.size
                space = "DeviceGray" if picture.mode == "L" else "DeviceRGB"
            head = f"{_image(width, height, space)} /BitsPerComponent 8 /Filter /DCTDecode"
            self._place(self._pdf.stream(head, jpeg), corners)
        else:
            x, y, across, up = corners
            words = "没有照片"
            size = min(10.0, across / 5)
            middle = x + (across - text_width(words, Style.REGULAR, size)) / 2
            self.write([Text(middle, y + up / 2, words, size=size)])
        self.frame(corners)

    def code(self, content: str, corners: Box) -> None:
        side, rows = qr.bitmap(content)
        head = f"{_image(side, side, 'DeviceGray')} /BitsPerComponent 1"
        self._place(self._pdf.stream(head, deflated(rows), compressed=True), corners)

    def _place(self, drawing: int, corners: Box) -> None:
        name = f"I{len(self._images) + 1}"
        self._images[name] = drawing
        x, y, width, height = corners
        self._operators.append(f"q {short(width)} 0 0 {short(height)} {short(x)} {short(y)} cm /{name} Do Q")

    def finished(self, title: str, author: str, day: date) -> bytes:
        self._end_page()
        pdf = self._pdf
        fonts = pdf.add(f"<< {self._fonts.written(pdf)} >>")
        pages = fonts + len(self._pages) + 1
        numbers = [
            pdf.add(_page(pages, content, fonts, images, place if self._elements else None))
            for place, (content, images) in enumerate(self._pages)
        ]
        pdf.add(f"<< /Type /Pages /Count {len(numbers)} /Kids [{references(numbers)}] >>")
        found = self._ways(numbers)
        root = pdf.add(f"<< /Type /Catalog /Pages {pages} 0 R /Lang (zh-CN){found} >>")
        info = information(pdf, Description(title, author, title, day))
        return pdf.finished(root=root, info=info, identifier=hashlib.sha256(f"{title} {day} {pages}".encode()).digest())

    def _ways(self, pages: list[int]) -> str:
        """Writes bookmarks and tags, as far as there are any, and answers what the catalogue says of them."""
        said = ""
        if self._bookmarks:
            said += f" /Outlines {write_bookmarks(self._pdf, self._bookmarks, pages)} 0 R /PageMode /UseOutlines"
        if self._elements:
            tree = write_structure(self._pdf, self._elements, pages)
            said += f" /MarkInfo << /Marked true >> /StructTreeRoot {tree} 0 R"
            said += " /ViewerPreferences << /DisplayDocTitle true >>"
        return said


def _page(parent: int, content: int, fonts: int, images: dict[str, int], place: int | None) -> str:
    drawings = " ".join(f"/{name} {number} 0 R" for name, number in images.items())
    size = box((0, 0, PAGE_WIDTH, PAGE_HEIGHT))
    tags = "" if place is None else f" /StructParents {place} /Tabs /S"
    return (
        f"<< /Type /Page /Parent {parent} 0 R /MediaBox [{size}] /Contents {content} 0 R"
        f" /Resources << /Font {fonts} 0 R /XObject << {drawings} >> >>{tags} >>"
    )


def _image(width: int, height: int, space: str) -> str:
    return f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /{space}"


def shortened(text: str, width: float, size: float, style: Style = Style.REGULAR) -> float:
    """Answers the size in which the text fits the width on one line."""
    return size * min(1.0, width / max(text_width(printable(text), style, size), 1.0))
