"""Draws pages of a PDF as pictures, so that whoever reads it needs neither the file nor a program for it.

PDFium has no scripts here, but meets hostile input: it runs in a child with limits on time and memory (`common.limited`).
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image

from common.limited.client import Exceeded, Failed, Kind, Limits, run_in_child
from common.limited.slots import Busy, Slots

LONGEST_SIDE = 1800
"""The unit is pixels: A4 has 150 dpi then."""
LARGEST_SCALE = 4.0
MOST_PAGES = 200
QUALITY = 82
PAGES = Kind(
    "common.files.pdf_pages:work",
    Limits(cpu_seconds=2, memory=800_000_000, files=16),
    Slots("pages", count=3, for_one_source=2),
)
DAMAGED = "这个 PDF 文件打不开，可能已损坏。"
TOO_COSTLY = "这一页太复杂，画出来需要的时间或内存超过了限制。"
LATER = "暂时画不出这一页，请过一会儿再打开。"


class NotDrawn(Exception):
    """There is no picture of the page; the text is a sentence for the reader. `is_passing`: it may be there later."""

    def __init__(self, sentence: str, *, is_passing: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_passing = is_passing


def count_pages(data: bytes) -> int:
    """Raises NotDrawn. A longer file is counted up to the page that is shown last."""
    facts, _ = _in_child({"operation": "count"}, data)
    return min(int(facts["pages"]), MOST_PAGES)


def page_picture(data: bytes, number: int) -> bytes:
    """Answers a JPEG of a page; the first one is 1. Raises NotDrawn."""
    _, (picture,) = _in_child({"operation": "draw", "number": number}, data)
    return picture


def _in_child(arguments: dict[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    try:
        facts, pictures = run_in_child(PAGES, arguments, [data])
    except Exceeded as error:
        raise NotDrawn(TOO_COSTLY) from error
    except (Busy, Failed) as error:
        raise NotDrawn(LATER, is_passing=True) from error
    if problem := facts.get("problem"):
        raise NotDrawn(str(problem))
    return facts, pictures


def prepare() -> None:
    """Imports what the children need, in their parent: a child cannot open a module's file later."""
    Image.preinit()
    pypdfium2.PdfDocument.new().close()


def work(arguments: dict[str, Any], pieces: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Runs in the child."""
    try:
        document = pypdfium2.PdfDocument(pieces[0])
        pages = len(document)
        if arguments["operation"] == "count":
            return {"pages": pages}, []
        number = int(arguments["number"])
        if not 1 <= number <= min(pages, MOST_PAGES):
            return {"problem": f"文件只有 {pages} 页。"}, []
        return {}, [_drawn(document[number - 1])]
    except pypdfium2.PdfiumError:
        return {"problem": DAMAGED}, []


def _drawn(page: Any) -> bytes:
    width, height = page.get_size()
    scale = min(LONGEST_SIDE / max(width, height, 1.0), LARGEST_SCALE)
    picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
