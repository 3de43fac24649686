"""Draws the manual of one reader as a PDF on A4: a list of chapters, then each step with its picture below it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

from certificates.ecert.layout import BLUE, MUTED, PAGE_HEIGHT, PAGE_WIDTH, Text, wrap
from common.printing.fonts import Style, text_width
from exams.papers.sheets import Sheets

from .chapters import Chapter, Reader, chapters_for

TITLE = "安管人员证书服务操作手册"
AUTHOR = "江西省住房和城乡建设厅"
LEFT, TOP, BOTTOM = 56.0, PAGE_HEIGHT - 60, 62.0
WIDTH = PAGE_WIDTH - 2 * LEFT
WIDEST, TALLEST = 320.0, 290.0
"""Points of a picture of a desk and of a phone: three of the one or two of the other stand on a page."""


class _Booklet:
    """Keeps the place on the page; what does not fit begins the next one."""

    def __init__(self, name: str) -> None:
        self.sheets = Sheets()
        self._name = name
        self._page = 0
        self._y = 0.0
        self.turn()

    def turn(self) -> None:
        self.sheets.begin_page()
        self._page += 1
        self._y = TOP
        number = f"第 {self._page} 页"
        right = PAGE_WIDTH - LEFT - text_width(number, Style.REGULAR, 9)
        self.sheets.write(
            [Text(LEFT, 34, self._name, size=9, colour=MUTED), Text(right, 34, number, size=9, colour=MUTED)]
        )

    def need(self, height: float) -> None:
        if self._y - height < BOTTOM:
            self.turn()

    def leave(self, height: float) -> None:
        self._y -= height

    def write(
        self, text: str, size: float = 11, style: Style = Style.REGULAR, *, indent: float = 0, after: float = 6
    ) -> None:
        colour = BLUE if style is Style.BOLD else (0.1, 0.11, 0.14)
        for line in wrap(text, WIDTH - indent, size):
            self.need(size * 1.5)
            self._y -= size * 1.5
            self.sheets.write([Text(LEFT + indent, self._y, line, style, size, colour)])
        self._y -= after

    def picture(self, jpeg: bytes, size: tuple[int, int]) -> None:
        width, height = _fitted(size)
        self.need(height + 4)
        self._y -= height
        self.sheets.photo(jpeg, (LEFT, self._y, width, height))
        self._y -= 14


def draw_booklet(reader: Reader, day: date) -> bytes:
    name = f"{TITLE}（{reader.label}）"
    booklet = _Booklet(name)
    known = chapters_for(reader)
    booklet.write(name, 20, Style.BOLD, after=14)
    for chapter in known:
        booklet.write(chapter.heading, after=2)
    booklet.turn()
    for chapter in known:
        _chapter(booklet, chapter)
    return booklet.sheets.finished(name, AUTHOR, day)


def _chapter(booklet: _Booklet, chapter: Chapter) -> None:
    booklet.need(320 if chapter.steps else 120)
    booklet.write(chapter.heading, 16, Style.BOLD, after=10)
    _paragraphs(booklet, chapter.words)
    for step in chapter.steps:
        jpeg, size = _as_jpeg(step.file)
        # The sentence stays with its picture.
        booklet.need(_fitted(size)[1] + 45)
        booklet.write(f"{step.number}. {step.text}", after=8)
        booklet.picture(jpeg, size)
    if chapter.notes:
        booklet.write("注意", 12, Style.BOLD)
        _paragraphs(booklet, chapter.notes)
    booklet.leave(16)


def _paragraphs(booklet: _Booklet, texts: Iterable[str]) -> None:
    for text in texts:
        booklet.write(text)


def _fitted(size: tuple[int, int]) -> tuple[float, float]:
    scale = min(WIDEST / size[0], TALLEST / size[1])
    return size[0] * scale, size[1] * scale


def _as_jpeg(file: Path) -> tuple[bytes, tuple[int, int]]:
    with Image.open(file, formats=["WEBP"]) as picture:
        buffer = BytesIO()
        picture.convert("RGB").save(buffer, "JPEG", quality=72, optimize=True)
        return buffer.getvalue(), picture.size
