"""Draws the weekly report of a head of section as PDF: what the page of the head shows, on A4 pages for a meeting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from reportlab.lib.pagesizes import A4, landscape

from common.dates import chinese_date, chinese_datetime
from common.printing.canvas import BLUE, INK, MUTED, Colour, new_canvas, write_text
from common.printing.fonts import Style, printable, text_width
from common.printing.reportlab_fixes import Information
from workflow.selectors.head import Board, Load

_WIDTH, _HEIGHT = map(float, landscape(A4))
_LEFT, _TOP, _BOTTOM = 42.0, _HEIGHT - 48, 46.0
_RED: Colour = (0.7, 0.1, 0.1)
_PALE: Colour = (0.85, 0.86, 0.88)
_ROW = 19.0
_FIGURES = ("待办", "今天到期", "超期", "最早的期限", "今天收到")
_OFFICES = ("机关", *_FIGURES, "受理用时", "决定用时", "超期，近八周")
_OFFICE_WIDTHS = (190.0, 46, 56, 46, 92, 56, 62, 62, 146)
_PLAIN_WIDTHS = (220.0, 70, 70, 70, 110, 70)
_LATE = 3
NOTE = "用时是近 30 天办结的办件的工作日数：中位数 / 九成不超过。同一设区市的机关合在一起计算。"


def draw_report(board: Board, *, office: str, today: date) -> bytes:
    title = "全省办理情况周报" if board.is_provincial else "办理情况周报"
    paper = _Paper(title)
    counted = f"{chinese_datetime(board.counted_at)}统计" if board.counted_at else "现在没有待办"
    paper.head(f"{office}　{chinese_date(today)}　{counted}")
    paper.table("合计", ("", *_FIGURES), _PLAIN_WIDTHS, [_figures(board.whole, "全部")])
    rows = [[*_figures(one.load), one.accept, one.decide, one.weeks_in_words] for one in board.offices]
    paper.table("各机关，超期多的在前", _OFFICES, _OFFICE_WIDTHS, rows)
    paper.words(NOTE)
    paper.table("按业务", ("业务", *_FIGURES), _PLAIN_WIDTHS, [_figures(one) for one in board.kinds])
    paper.table("本部门承办人", ("承办人", *_FIGURES), _PLAIN_WIDTHS, [_figures(one) for one in board.people])
    ages = [[label, str(number)] for label, _, number, _ in board.ages]
    paper.table("期限分布", ("期限", "件数"), (220.0, 70), ages)
    return paper.finished(office, today)


def _figures(load: Load, name: str = "") -> list[str]:
    oldest = chinese_date(load.oldest) if load.oldest else "—"
    return [name or load.name, str(load.open), str(load.today), str(load.late), oldest, str(load.came)]


class _Paper:
    """Writes from top to bottom, and begins a page where the next row finds no room."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._canvas = new_canvas((_WIDTH, _HEIGHT))
        self._y, self._page = _TOP, 1

    def head(self, words: str) -> None:
        self._write(_LEFT, self._title, 18, Style.BOLD, BLUE)
        self._y -= 20
        self._write(_LEFT, words, 10, colour=MUTED)
        self._y -= 10

    def table(
        self, caption: str, titles: Sequence[str], widths: Sequence[float], rows: Iterable[Sequence[str]]
    ) -> None:
        """The titles stand on every page of the table, and no caption stands alone at the foot of one."""
        self._room(4 * _ROW)
        self._y -= 26
        self._write(_LEFT, caption, 12, Style.BOLD)
        self._y -= 4
        self._titles(titles, widths)
        is_empty = True
        for row in rows:
            is_empty = False
            if self._room(_ROW):
                self._titles(titles, widths)
            self._row(row, widths)
        if is_empty:
            self._row(["现在没有待办。"], widths)

    def words(self, text: str) -> None:
        self._room(_ROW)
        self._y -= 16
        self._write(_LEFT, text, 8.5, colour=MUTED)

    def finished(self, office: str, today: date) -> bytes:
        self._foot()
        self._canvas._doc.info = Information({"Title": self._title, "Author": office, "Creator": "jxcloud"}, today)
        self._canvas.showPage()
        pdf: bytes = self._canvas.getpdfdata()
        return pdf

    def _room(self, needed: float) -> bool:
        """Answers whether a page was begun."""
        if self._y - needed >= _BOTTOM:
            return False
        self._foot()
        self._canvas.showPage()
        self._y, self._page = _TOP, self._page + 1
        return True

    def _foot(self) -> None:
        here, self._y = self._y, 28.0
        self._write(_LEFT, f"{self._title}　第 {self._page} 页", 8.5, colour=MUTED)
        self._y = here

    def _titles(self, titles: Sequence[str], widths: Sequence[float]) -> None:
        self._y -= 16
        for place, title in enumerate(titles):
            self._cell(title, place, widths, 9, MUTED)
        self._line(BLUE, sum(widths))

    def _row(self, row: Sequence[str], widths: Sequence[float]) -> None:
        self._y -= _ROW - 5
        for place, text in enumerate(row):
            is_late = place == _LATE and len(row) > _LATE and text != "0"
            self._cell(text, place, widths, 10, _RED if is_late else INK)
        self._line(_PALE, sum(widths))

    def _cell(self, text: str, place: int, widths: Sequence[float], size: float, colour: Colour) -> None:
        """Numbers end at the right edge of their column, and a name that is too long is cut."""
        left, width = _LEFT + sum(widths[:place]), widths[place] - 8
        shown = _fitting(printable(text), size, width)
        x = left if place == 0 else left + width - text_width(shown, Style.REGULAR, size)
        self._write(x, shown, size, colour=colour)

    def _line(self, colour: Colour, width: float) -> None:
        self._y -= 5
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setLineWidth(0.6)
        self._canvas.line(_LEFT, self._y, _LEFT + width, self._y)

    def _write(self, x: float, text: str, size: float, style: Style = Style.REGULAR, colour: Colour = INK) -> None:
        write_text(self._canvas, x, self._y, printable(text), size, style, colour)


def _fitting(text: str, size: float, width: float) -> str:
    shown = text
    while shown and text_width(shown if shown == text else f"{shown}…", Style.REGULAR, size) > width:
        shown = shown[:-1]
    return shown if shown == text else f"{shown}…"
