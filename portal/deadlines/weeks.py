"""Sorts deadlines by week: what is past first, then this week and the following ones, then the rest in one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from common.dates import chinese_date

from .items import Deadline, together

USUAL_WEEKS, STEP_WEEKS, MOST_WEEKS = 6, 4, 26
MOST_IN_WEEK = 60
"""Rows of one week on the page; of more, the page asks to look at one kind or to export the list."""
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Row:
    deadline: Deadline
    today: date

    @property
    def day(self) -> str:
        """The year is said only where it is not the present one."""
        whole = chinese_date(self.deadline.day)
        return whole if self.deadline.day.year != self.today.year else whole.partition("年")[2]

    @property
    def weekday(self) -> str:
        return f"星期{WEEKDAYS[self.deadline.day.weekday()]}"

    @property
    def left(self) -> str:
        days = (self.deadline.day - self.today).days
        return "" if days < 0 else "今天" if days == 0 else f"还有 {days} 天"


@dataclass(frozen=True)
class Week:
    """`number` counts people and things, `rows` are what is shown of them."""

    anchor: str
    title: str
    span: str
    rows: Sequence[Row]
    number: int
    is_late: bool = False

    @property
    def shown(self) -> Sequence[Row]:
        return self.rows[:MOST_IN_WEEK]

    @property
    def hidden(self) -> int:
        return sum(row.deadline.count for row in self.rows[MOST_IN_WEEK:])


def weeks_of(deadlines: Sequence[Deadline], *, today: date, weeks: int) -> list[Week]:
    """The last one is what follows after them, of which only the number is told."""
    past = [one for one in deadlines if one.day < today]
    found = [_week("w0", "已经过了", f"{_short(today)}以前", past, today, is_late=bool(past))]
    begins = today
    for number in range(1, weeks + 1):
        ends = begins + timedelta(days=6 - begins.weekday())
        own = [one for one in deadlines if begins <= one.day <= ends]
        title = {1: "本周", 2: "下周"}.get(number, f"第 {number} 周")
        found.append(_week(f"w{number}", title, _span(begins, ends), own, today))
        begins = ends + timedelta(days=1)
    later = sum(one.day >= begins for one in deadlines)
    return [*found, Week("later", "以后", f"{_short(begins)}起半年内", [], later)]


def _week(
    anchor: str, title: str, span: str, deadlines: Sequence[Deadline], today: date, *, is_late: bool = False
) -> Week:
    rows = [Row(one, today) for one in together(deadlines)]
    return Week(anchor, title, span, rows, len(deadlines), is_late)


def _short(day: date) -> str:
    return chinese_date(day).partition("年")[2]


def _span(begins: date, ends: date) -> str:
    if begins == ends:
        return _short(begins)
    last = _short(ends) if begins.month != ends.month else _short(ends).partition("月")[2]
    return f"{_short(begins)}—{last}"
