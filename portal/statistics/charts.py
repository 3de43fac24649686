"""Draws the bars of a table as SVG without any style of its own: desk.css colours them, and the page says no more than
the table.

Drawing libraries write style attributes and style elements, which the policy of the pages (CSP) forbids; these few
rectangles need none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .tables import HIDDEN_WORD, Row, Sheet

CLASSES = ("c-a", "c-b", "c-c", "c-d", "c-e")
HIDDEN_CLASS = "c-hidden"
WIDTH = 620
_LEFT, _RIGHT, _STEP, _BAR = 150, 80, 30, 20
_TOP, _HEIGHT, _FOOT = 24, 150, 34


@dataclass(frozen=True)
class Bar:
    css_class: str
    x: float
    y: float
    width: float
    height: float
    letter: str = ""

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Word:
    x: float
    y: float
    text: str
    anchor: str = "middle"
    css_class: str = ""


@dataclass(frozen=True)
class Chart:
    key: str
    title: str
    description: str
    height: int
    axis: str
    legend: Sequence[tuple[str, str]]
    bars: list[Bar] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    @property
    def width(self) -> int:
        return WIDTH


def chart_of(sheet: Sheet) -> Chart:
    return _standing(sheet) if sheet.subject.stands else _lying(sheet)


def _legend(sheet: Sheet) -> list[tuple[str, str]]:
    listed = list(zip(CLASSES, sheet.columns, strict=False))
    hides = any(number is None for row in sheet.rows for number in row.numbers)
    return [*listed, (HIDDEN_CLASS, "不列的合在一起")] if hides else listed


def _letters(sheet: Sheet) -> list[str]:
    """Only short words stand on a bar."""
    return [label if len(label) == 1 else "" for label in sheet.columns]


def _shown(row: Row) -> list[int]:
    """Answers the lengths of the bars; what is hidden has one together, as far as the sum of the row is shown."""
    known = [number or 0 for number in row.numbers[:-1]]
    return [*known, max(0, (row.numbers[-1] or 0) - sum(known))]


def _looks(sheet: Sheet) -> list[tuple[str, str]]:
    """Answers class and letter of each bar; the last one is that of hidden cells."""
    return [*zip(CLASSES, _letters(sheet), strict=False), (HIDDEN_CLASS, "")]


def _longest(sheet: Sheet) -> int:
    return max([sum(_shown(row)) for row in sheet.rows], default=0) or 1


def _description(sheet: Sheet) -> str:
    known = [(row.numbers[-1], row.name, row.texts[-1]) for row in sheet.rows if row.numbers[-1]]
    if not known:
        return "没有可以显示的数字。"
    most = max(known, key=lambda one: one[0] or 0)
    least = min(known, key=lambda one: one[0] or 0)
    unit = sheet.subject.unit
    said = f"{most[1]}最多，{most[2]} {unit}"
    return f"{said}；{least[1]}最少，{least[2]} {unit}。" if len(known) > 1 else f"{said}。"


def _lying(sheet: Sheet) -> Chart:
    height = _STEP * len(sheet.rows) + 6
    chart = Chart(
        sheet.subject.name, sheet.subject.title, f"横条图。{_description(sheet)}", height, f"M{_LEFT} 0V{height}",
        _legend(sheet),
    )  # fmt: skip
    scale = (WIDTH - _LEFT - _RIGHT) / _longest(sheet)
    for place, row in enumerate(sheet.rows):
        y, x = place * _STEP + 6, float(_LEFT)
        chart.words.append(Word(_LEFT - 8, y + 15, row.name, "end"))
        for (css_class, letter), number in zip(_looks(sheet), _shown(row), strict=True):
            width = round(number * scale, 1)
            if width > 0:
                chart.bars.append(Bar(css_class, x, y, max(width - 1, 0.5), _BAR, letter if width > 20 else ""))
            x = round(x + width, 1)
        chart.words.append(Word(x + 6, y + 15, row.texts[-1], "start", "soft"))
    return chart


def _standing(sheet: Sheet) -> Chart:
    bottom = _TOP + _HEIGHT
    chart = Chart(
        sheet.subject.name, sheet.subject.title, f"柱形图。{_description(sheet)}", bottom + _FOOT, f"M10 {bottom}H{WIDTH - 10}",
        _legend(sheet),
    )  # fmt: skip
    step = (WIDTH - 20) / max(len(sheet.rows), 1)
    scale = _HEIGHT / _longest(sheet)
    for place, row in enumerate(sheet.rows):
        x, y = round(10 + place * step + step * 0.2, 1), float(bottom)
        for (css_class, letter), number in zip(_looks(sheet), _shown(row), strict=True):
            height = round(number * scale, 1)
            y = round(y - height, 1)
            if height > 0:
                bar = Bar(css_class, x, y, round(step * 0.6, 1), max(height - 1, 0.5), letter if height > 16 else "")
                chart.bars.append(bar)
        middle = round(x + step * 0.3, 1)
        total = row.texts[-1]
        chart.words.append(Word(middle, y - 6, "" if total == HIDDEN_WORD else total, css_class="soft"))
        chart.words.append(Word(middle, bottom + 18, _short(row.name)))
    return chart


def _short(name: str) -> str:
    """Twelve months stand side by side, so that the year is left to the table."""
    year, _, month = name.partition("年")
    return month if month and year.isdigit() else name
