"""Counts who entered, was admitted, came and passed, by city and category, in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Left

from administration.models import Region
from exams.checkin.selectors import standing
from exams.enums import ADMITTED, CheckInKind, EntryState
from exams.models import ExamBatch, ExamEntry

PRESENT = (EntryState.FAILED, EntryState.PASSED, EntryState.CHEATED)
"""Whoever has such a result was there, and without a result whoever was checked in; an absence is recorded."""


@dataclass
class Figures:
    """`unsettled` are admitted and have no result yet; `waiting` of them were checked in."""

    entered: int = 0
    admitted: int = 0
    present: int = 0
    passed: int = 0
    absent: int = 0
    unsettled: int = 0
    waiting: int = 0

    def count(self, state: str, people: int, *, is_here: bool = False) -> None:
        came = people if is_here and state == EntryState.APPROVED else 0
        self.entered += people
        self.admitted += people if state in ADMITTED else 0
        self.present += people if state in PRESENT else came
        self.waiting += came
        self.passed += people if state == EntryState.PASSED else 0
        self.absent += people if state in (EntryState.ABSENT, EntryState.EXCUSED) else 0
        self.unsettled += people if state == EntryState.APPROVED else 0

    @property
    def pass_rate(self) -> str:
        """The share of those who came and have a result; without anybody there is none."""
        judged = self.present - self.waiting
        return f"{100 * self.passed / judged:.1f}%" if judged else ""


@dataclass(frozen=True)
class Cell:
    city: str
    category: str
    state: str
    people: int
    is_here: bool = False


def cells_of(batch: ExamBatch) -> list[Cell]:
    """The city is that of the enterprise's place of registration."""
    rows = ExamEntry.objects.filter(batch=batch).order_by()
    here = Exists(standing(CheckInKind.PRESENT).filter(seat__entry=OuterRef("pk")))
    placed = rows.annotate(city=Left("enterprise__region_id", 4), is_here=here)
    grouped = placed.values("city", "category", "state", "is_here")
    counted = list(grouped.annotate(people=Count("pk")))
    codes = {f"{row['city']}00" for row in counted}
    names = dict(Region.objects.filter(pk__in=codes).values_list("pk", "name"))
    return [
        Cell(names.get(f"{row['city']}00", row["city"]), row["category"], row["state"], row["people"], row["is_here"])
        for row in sorted(counted, key=lambda row: (row["city"], row["category"], row["state"], row["is_here"]))
    ]


def summed(cells: Iterable[Cell], key: Callable[[Cell], tuple[str, ...]]) -> list[tuple[tuple[str, ...], Figures]]:
    """Answers the figures of each key, in the order in which the keys come."""
    found: dict[tuple[str, ...], Figures] = defaultdict(Figures)
    for cell in cells:
        found[key(cell)].count(cell.state, cell.people, is_here=cell.is_here)
    return list(found.items())
