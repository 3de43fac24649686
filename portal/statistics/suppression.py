"""Hides small cells of a table, and others with them, so that no sum of a row or a column gives a small one away."""

from __future__ import annotations

from collections.abc import Sequence

SMALL = 10
"""Nobody is shown a count above 0 and below this one."""

Place = tuple[int, int]
"""Names row and column; the column after the last one holds the sums of the rows."""


def with_sums(numbers: Sequence[Sequence[int]]) -> list[list[int]]:
    return [[*cells, sum(cells)] for cells in numbers]


def hidden_cells(numbers: Sequence[Sequence[int]]) -> tuple[set[Place], set[Place]]:
    """Answers the small cells and those hidden for their sake; sums of rows count as cells.

    In each row whose sum is shown, and in each column, either nothing is hidden or at least two cells that hold `SMALL`
    together. The sums of columns count as known, since other tables may tell them.
    """
    whole = with_sums(numbers)
    width = len(whole[0]) if whole else 0
    small = {(row, place) for row, cells in enumerate(whole) for place, cell in enumerate(cells) if 0 < cell < SMALL}
    hidden = set(small)
    rows = [[(row, place) for place in range(width - 1)] for row in range(len(whole))]
    columns = [[(row, place) for row in range(len(whole))] for place in range(width)]
    while True:
        more = {_next(line, hidden, whole, (line[0][0], width - 1)) for line in rows}
        more |= {_next(line, hidden, whole, None) for line in columns}
        more.discard(None)
        if not more:
            return small, hidden - small
        hidden |= {place for place in more if place is not None}


def _next(
    line: Sequence[Place], hidden: set[Place], whole: Sequence[Sequence[int]], total: Place | None
) -> Place | None:
    """Answers the cell that has to be hidden too, or None if the line is safe; the sum of a row goes last."""
    inside = [place for place in line if place in hidden]
    if not inside or (len(inside) > 1 and sum(_of(whole, place) for place in inside) >= SMALL):
        return None
    others = [place for place in line if place not in hidden and _of(whole, place) > 0]
    if others:
        return min(others, key=lambda place: (_of(whole, place), place))
    return total if total is not None and total not in hidden else None


def _of(whole: Sequence[Sequence[int]], place: Place) -> int:
    return whole[place[0]][place[1]]
