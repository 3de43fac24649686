"""Writes what a reader of a PDF finds its way by: bookmarks, and the tags that say to a screen reader what stands where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .pdf import PdfFile, references, text


@dataclass
class Element:
    """Is a paragraph, a heading or a picture, which may go on over several pages."""

    role: str
    """One of the standard roles of PDF, such as P, H1 or Figure."""
    alternative: str = ""
    parts: list[tuple[int, int]] = field(default_factory=list)
    """Page from 0, and the number of the marked part on this page."""


@dataclass(frozen=True)
class Bookmark:
    title: str
    page: int
    y: float


def write_structure(pdf: PdfFile, elements: Sequence[Element], pages: Sequence[int]) -> int:
    """Answers the root of the tree; a page names its place in `pages` as StructParents."""
    first = pdf.count + 1
    document, root = first + len(elements), first + len(elements) + 1
    for element in elements:
        parts = " ".join(f"<< /Type /MCR /Pg {pages[page]} 0 R /MCID {mark} >>" for page, mark in element.parts)
        words = f" /Alt {text(element.alternative)}" if element.alternative else ""
        pdf.add(f"<< /Type /StructElem /S /{element.role} /P {document} 0 R{words} /K [{parts}] >>")
    kids = references(range(first, document))
    pdf.add(f"<< /Type /StructElem /S /Document /P {root} 0 R /K [{kids}] >>")
    marks: list[list[int]] = [[] for _ in pages]
    for number, element in enumerate(elements, start=first):
        for page, _ in element.parts:
            marks[page].append(number)
    numbers = " ".join(f"{page} [{references(found)}]" for page, found in enumerate(marks))
    return pdf.add(
        f"<< /Type /StructTreeRoot /K {document} 0 R /ParentTree << /Nums [{numbers}] >> /ParentTreeNextKey {len(pages)} >>"
    )


def write_bookmarks(pdf: PdfFile, bookmarks: Sequence[Bookmark], pages: Sequence[int]) -> int:
    first = pdf.count + 1
    outlines = first + len(bookmarks)
    for place, one in enumerate(bookmarks):
        ways = f" /Prev {first + place - 1} 0 R" if place else ""
        if place + 1 < len(bookmarks):
            ways += f" /Next {first + place + 1} 0 R"
        where = f"[{pages[one.page]} 0 R /XYZ null {one.y:.0f} null]"
        pdf.add(f"<< /Title {text(one.title)} /Parent {outlines} 0 R{ways} /Dest {where} >>")
    return pdf.add(f"<< /Type /Outlines /First {first} 0 R /Last {outlines - 1} 0 R /Count {len(bookmarks)} >>")
