"""Makes the tables of the statistics from the figures, whole for the office, and without small cells for everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .subjects import SUBJECTS, Subject
from .suppression import SMALL, hidden_cells, with_sums

SMALL_WORD = f"<{SMALL}"
HIDDEN_WORD = "不列"
NO_CITY = "未登记企业"
MOST_COLUMNS = 5
TOTAL = "合计"


@dataclass(frozen=True)
class Row:
    """`numbers` has None where a cell is hidden; the last cell is the sum of the row."""

    name: str
    numbers: Sequence[int | None]
    texts: Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """Is one table. `titles` are padded to `MOST_COLUMNS`, and so are the cells of rows."""

    subject: Subject
    titles: Sequence[str]
    rows: Sequence[Row]
    foot: Row | None

    @property
    def listed(self) -> list[Row]:
        return [*self.rows, *([self.foot] if self.foot else [])]

    @property
    def columns(self) -> list[str]:
        return [label for _, label in self.subject.columns]

    @property
    def is_wide(self) -> bool:
        """Answers whether the table needs the width of the page."""
        return len(self.subject.columns) > 3

    @property
    def is_empty(self) -> bool:
        return not any(number for row in self.rows for number in row.numbers)


BY_NAME = {subject.name: subject for subject in SUBJECTS}
Figures = Iterable[tuple[str, str, str, str, int]]
"""Subject, city, part, key and number."""


def sheets_of(figures: Figures, *, today: date, cities: Sequence[tuple[str, str]], is_open: bool) -> list[Sheet]:
    """`cities` are code and name, in the order of the table."""
    cells: Counter[tuple[str, str, str]] = Counter()
    for subject, city, part, key, number in figures:
        one = BY_NAME[subject]
        if one.only_key in ("", key):
            row = city if one.rows is None else part if one.by_part else key
            cells[subject, row, key if one.by_part else part] += number
    return [_sheet(subject, cells, today, cities, is_open) for subject in SUBJECTS]


def _sheet(
    subject: Subject,
    cells: Counter[tuple[str, str, str]],
    today: date,
    cities: Sequence[tuple[str, str]],
    is_open: bool,
) -> Sheet:
    labelled = [*cities, ("", NO_CITY)] if subject.rows is None else subject.rows(today)
    keys = [key for key, _ in subject.columns]
    numbers = [[cells[subject.name, row, key] for key in keys] for row, _ in labelled]
    kept = [place for place, line in enumerate(numbers) if any(line) or subject.stands]
    labelled, numbers = [labelled[place] for place in kept], [numbers[place] for place in kept]
    small, others = hidden_cells(numbers) if is_open else (set(), set())
    rows = [
        _row(name, line, {place for row, place in small if row == at}, {place for row, place in others if row == at})
        for at, ((_, name), line) in enumerate(zip(labelled, with_sums(numbers), strict=True))
    ]
    foot = None if is_open or len(rows) < 2 else _foot(with_sums(numbers))
    titles = [label for _, label in subject.columns]
    return Sheet(subject, _padded(titles), rows, foot)


def _foot(whole: Sequence[Sequence[int]]) -> Row:
    return _row(TOTAL, [sum(column) for column in zip(*whole, strict=True)], set(), set())


def _row(name: str, line: Sequence[int], small: set[int], others: set[int]) -> Row:
    hidden = small | others
    numbers = [None if place in hidden else number for place, number in enumerate(line)]
    texts = [
        SMALL_WORD if place in small else HIDDEN_WORD if place in others else f"{number:,}"
        for place, number in enumerate(line)
    ]
    return Row(name, numbers, [*_padded(texts[:-1]), texts[-1]])


def _padded(texts: Sequence[str]) -> list[str]:
    return [*texts, *[""] * (MOST_COLUMNS - len(texts))]
