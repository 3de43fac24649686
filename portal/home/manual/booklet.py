"""Draws the manual of one reader as a PDF on A4: a list of chapters with their pages, then each step with its picture.

The file has a bookmark for each chapter, and tags, so that a screen reader says headings and what a picture shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

from certificates.ecert.layout import BLUE, INK, MUTED, PAGE_HEIGHT, PAGE_WIDTH, Text, wrap
from common.printing.fonts import Style, text_width
from exams.papers.sheets import Sheets

from .chapters import Chapter, Reader, chapters_for

TITLE = "安管人员证书服务操作手册"
AUTHOR = "江西省住房和城乡建设厅"
LEFT, TOP, BOTTOM = 56.0, PAGE_HEIGHT - 60, 62.0
WIDTH = PAGE_WIDTH - 2 * LEFT
CONTENTS_LINE = 19.0
WIDEST, TALLEST = 420.0, 290.0
"""Points of a picture of a desk and of a phone: two stand on a page."""


class _Booklet:
    """Keeps the place on the page; what does not fit begins the next one."""

    def __init__(self, name: str) -> None:
        self.sheets = Sheets()
        self.page = 0
        self._name = name
        self._y = 0.0
        self.turn()

    def turn(self) -> None:
        self.sheets.begin_page()
        self.page += 1
        self._y = TOP
        number = f"第 {self.page} 页"
        right = PAGE_WIDTH - LEFT - text_width(number, Style.REGULAR, 9)
        with self.sheets.passed_over():
            self.sheets.write(
                [Text(LEFT, 34, self._name, size=9, colour=MUTED), Text(right, 34, number, size=9, colour=MUTED)]
            )

    def need(self, height: float) -> None:
        if self._y - height < BOTTOM:
            self.turn()

    def leave(self, height: float) -> None:
        self._y -= height

    def write(self, text: str, size: float = 11, *, role: str = "P", after: float = 6) -> None:
        element = self.sheets.element(role)
        style, colour = (Style.REGULAR, INK) if role == "P" else (Style.BOLD, BLUE)
        for line in wrap(text, WIDTH, size):
            self.need(size * 1.5)
            self._y -= size * 1.5
            with self.sheets.told_as(element):
                self.sheets.write([Text(LEFT, self._y, line, style, size, colour)])
        self._y -= after

    def heading(self, chapter: Chapter) -> None:
        self.sheets.bookmark(chapter.heading, self._y)
        self.write(chapter.heading, 16, role="H2", after=10)

    def entry_of_contents(self, heading: str, page: int) -> None:
        """Writes the number of the page at the right edge."""
        number = str(page)
        self.need(CONTENTS_LINE)
        self._y -= CONTENTS_LINE
        right = PAGE_WIDTH - LEFT - text_width(number, Style.REGULAR, 11)
        with self.sheets.told_as(self.sheets.element("TOCI")):
            self.sheets.write([Text(LEFT, self._y, heading, size=11), Text(right, self._y, number, size=11)])
        from_x = LEFT + text_width(heading, Style.REGULAR, 11) + 8
        if from_x < right - 8:
            with self.sheets.passed_over():
                self.sheets.line(from_x, self._y + 3, right - 8, self._y + 3, width=0.4, is_dashed=True)

    def picture(self, jpeg: bytes, size: tuple[int, int], shows: str) -> None:
        width, height = _fitted(size)
        self.need(height + 4)
        self._y -= height
        with self.sheets.told_as(self.sheets.element("Figure", shows)):
            self.sheets.photo(jpeg, (LEFT, self._y, width, height))
        self._y -= 14


def draw_booklet(reader: Reader, day: date) -> bytes:
    name = f"{TITLE}（{reader.label}）"
    known = chapters_for(reader)
    drawn: dict[Path, tuple[bytes, tuple[int, int]]] = {}
    # The pages of the chapters are known once all is laid out, and the list of chapters takes no more room with them.
    _, pages = _laid_out(name, known, {}, drawn)
    booklet, _ = _laid_out(name, known, pages, drawn)
    return booklet.sheets.finished(name, AUTHOR, day)


def _laid_out(
    name: str, known: Sequence[Chapter], pages: Mapping[str, int], drawn: dict[Path, tuple[bytes, tuple[int, int]]]
) -> tuple[_Booklet, dict[str, int]]:
    """Answers the booklet, and on which page each chapter begins."""
    booklet, found = _Booklet(name), {}
    booklet.write(name, 20, role="H1", after=14)
    for chapter in known:
        booklet.entry_of_contents(chapter.heading, pages.get(chapter.code, 0))
    booklet.turn()
    for chapter in known:
        found[chapter.code] = _chapter(booklet, chapter, drawn)
    return booklet, found


def _chapter(booklet: _Booklet, chapter: Chapter, drawn: dict[Path, tuple[bytes, tuple[int, int]]]) -> int:
    """Answers its page. A chapter with steps begins where its heading, what one needs and a picture have room."""
    booklet.need(400 if chapter.steps else 120)
    page = booklet.page
    booklet.heading(chapter)
    _paragraphs(booklet, chapter.words)
    for title, texts in chapter.beforehand:
        _part(booklet, title, texts)
    for step in chapter.steps:
        if step.file not in drawn:
            drawn[step.file] = _as_jpeg(step.file)
        jpeg, size = drawn[step.file]
        # The sentence stays with its picture.
        booklet.need(_fitted(size)[1] + 45)
        booklet.write(f"{step.number}. {step.text}", after=8)
        booklet.picture(jpeg, size, step.shows)
    for title, texts in chapter.afterwards:
        _part(booklet, title, texts)
    booklet.leave(16)
    return page


def _part(booklet: _Booklet, title: str, texts: Iterable[str]) -> None:
    booklet.need(60)
    booklet.write(title, 12, role="H3", after=4)
    _paragraphs(booklet, texts)


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
