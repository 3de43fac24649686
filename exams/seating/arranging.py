"""Decides who sits where; it reads and writes nothing.

Sessions are chosen first, then the seats of each session. The order is drawn by lot from a seed, so that nobody can
choose a neighbour by the day of sign-up, and yet a second run with the same people gives the same seats.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Sitter:
    """Is one entry that needs a seat."""

    entry_id: int
    person_id: int
    enterprise_id: int
    category: str


@dataclass(frozen=True)
class Slot:
    """Is one seat of a room, by the session room's id and the number on the table."""

    room_id: int
    number: int


@dataclass
class Hall:
    """Holds the free seats of a session, in the order in which they are filled. No categories means all."""

    session_id: int
    span: Span
    categories: Sequence[str]
    free: list[Slot]

    def is_for(self, category: str) -> bool:
        return not self.categories or category in self.categories

    @property
    def breadth(self) -> int:
        """Sessions for few categories are filled first, and those for all keep their seats for the others."""
        return len(self.categories) or 99


@dataclass
class Arrangement:
    """`full` found no free seat, `clashing` only one while the person sits another exam."""

    seats: dict[int, Slot] = field(default_factory=dict)
    full: list[Sitter] = field(default_factory=list)
    clashing: list[Sitter] = field(default_factory=list)


def arrange(
    sitters: Sequence[Sitter],
    halls: Sequence[Hall],
    *,
    busy: Mapping[int, Iterable[Span]],
    seated: Mapping[Slot, int],
    seed: int,
) -> Arrangement:
    """`busy` maps a person to the times of exams elsewhere, `seated` a taken seat to its enterprise."""
    result = Arrangement()
    chosen: dict[int, list[Sitter]] = defaultdict(list)
    left = {hall.session_id: len(hall.free) for hall in halls}
    times = defaultdict(list, {person: list(spans) for person, spans in busy.items()})
    for sitter in _in_turn(sitters, halls, seed):
        fitting = [hall for hall in halls if hall.is_for(sitter.category) and left[hall.session_id]]
        open_to = [hall for hall in fitting if not _overlaps(hall.span, times[sitter.person_id])]
        if not open_to:
            (result.clashing if fitting else result.full).append(sitter)
            continue
        hall = min(open_to, key=lambda one: (one.breadth, one.span, one.session_id))
        left[hall.session_id] -= 1
        times[sitter.person_id].append(hall.span)
        chosen[hall.session_id].append(sitter)
    for hall in halls:
        result.seats |= _spread(chosen[hall.session_id], hall.free, seated)
    return result


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _in_turn(sitters: Sequence[Sitter], halls: Sequence[Hall], seed: int) -> list[Sitter]:
    """Whoever has two exams, and then the category with the fewest seats, chooses first."""
    drawn = sorted(sitters, key=lambda one: sha256(f"{seed}:{one.entry_id}".encode()).digest())
    entries = Counter(one.person_id for one in sitters)
    room = {
        category: sum(len(hall.free) for hall in halls if hall.is_for(category))
        for category in {one.category for one in sitters}
    }
    return sorted(drawn, key=lambda one: (-entries[one.person_id], room[one.category]))


def _spread(sitters: Sequence[Sitter], free: Sequence[Slot], seated: Mapping[Slot, int]) -> dict[int, Slot]:
    """Puts two of one enterprise side by side only where nobody else is left.

    Taking the largest group that is not the neighbour's each time is the way that separates them whenever it can be done.
    """
    groups: dict[int, list[Sitter]] = defaultdict(list)
    for one in sitters:
        groups[one.enterprise_id].append(one)
    heap = [(-len(people), order, firm) for order, (firm, people) in enumerate(groups.items())]
    heapq.heapify(heap)
    taken = dict(seated)
    placed: dict[int, Slot] = {}
    for slot in free[: len(sitters)]:
        beside = {taken.get(Slot(slot.room_id, slot.number + step)) for step in (-1, 1)}
        size, order, firm = _pick(heap, beside)
        placed[groups[firm].pop().entry_id] = slot
        taken[slot] = firm
        if size < -1:
            heapq.heappush(heap, (size + 1, order, firm))
    return placed


def _pick(heap: list[tuple[int, int, int]], beside: set[int | None]) -> tuple[int, int, int]:
    passed_over = []
    while heap and heap[0][2] in beside:
        passed_over.append(heapq.heappop(heap))
    found = heapq.heappop(heap) if heap else passed_over.pop(0)
    for one in passed_over:
        heapq.heappush(heap, one)
    return found
