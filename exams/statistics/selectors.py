"""Counts who entered, was admitted, came and passed, by city and category, in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import Left

from administration.models import Region
from exams.enums import ADMITTED, EntryState
from exams.models import ExamBatch, ExamEntry

PRESENT = (EntryState.FAILED, EntryState.PASSED, EntryState.CHEATED)
"""Whoever has such a result was there; an absence is recorded, and without a result nothing is known."""


@dataclass
class Figures:
    """`unsettled` are admitted and have no result yet."""

    entered: int = 0
    admitted: int = 0
    present: int = 0
    passed: int = 0
    absent: int = 0
    unsettled: int = 0

    def count(self, state: str, people: int) -> None:
        self.entered += people
        self.admitted += people if state in ADMITTED else 0
        self.present += people if state in PRESENT else 0
        self.passed += people if state == EntryState.PASSED else 0
        self.absent += people if state in (EntryState.ABSENT, EntryState.EXCUSED) else 0
        self.unsettled += people if state == EntryState.APPROVED else 0

    @property
    def pass_rate(self) -> str:
        """The share of those who came; without anybody there is none."""
        return f"{100 * self.passed / self.present:.1f}%" if self.present else ""


@dataclass(frozen=True)
class Cell:
    city: str
    category: str
    state: str
    people: int


def cells_of(batch: ExamBatch) -> list[Cell]:
    """The city is that of the enterprise's place of registration."""
    rows = ExamEntry.objects.filter(batch=batch).order_by()
    grouped = rows.annotate(city=Left("enterprise__region_id", 4)).values("city", "category", "state")
    counted = list(grouped.annotate(people=Count("pk")))
    codes = {f"{row['city']}00" for row in counted}
    names = dict(Region.objects.filter(pk__in=codes).values_list("pk", "name"))
    return [
        Cell(names.get(f"{row['city']}00", row["city"]), row["category"], row["state"], row["people"])
        for row in sorted(counted, key=lambda row: (row["city"], row["category"], row["state"]))
    ]


def summed(cells: Iterable[Cell], key: Callable[[Cell], tuple[str, ...]]) -> list[tuple[tuple[str, ...], Figures]]:
    """Answers the figures of each key, in the order in which the keys come."""
    found: dict[tuple[str, ...], Figures] = defaultdict(Figures)
    for cell in cells:
        found[key(cell)].count(cell.state, cell.people)
    return list(found.items())
