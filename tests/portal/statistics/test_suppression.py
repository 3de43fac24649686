"""No sum of a row or a column gives a small cell of an open table away."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.statistics.suppression import SMALL, hidden_cells, with_sums

COUNTS = st.one_of(st.just(0), st.integers(1, 12), st.integers(10, 5000))
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(COUNTS, min_size=width, max_size=width), min_size=1, max_size=8)
)


@settings(max_examples=300, deadline=None)
@given(TABLES)
def test_every_line_hides_nothing_or_enough(numbers: list[list[int]]) -> None:
    small, others = hidden_cells(numbers)
    hidden, whole = small | others, with_sums(numbers)
    width = len(numbers[0])
    assert small == {(row, at) for row, line in enumerate(whole) for at, cell in enumerate(line) if 0 < cell < SMALL}
    lines = [[(row, at) for at in range(width)] for row in range(len(numbers)) if (row, width) not in hidden]
    lines += [[(row, at) for row in range(len(numbers))] for at in range(width + 1)]
    for line in lines:
        inside = [place for place in line if place in hidden]
        held = sum(whole[row][at] for row, at in inside)
        left = [place for place in line if place not in hidden and whole[place[0]][place[1]]]
        assert not inside or not left or (len(inside) > 1 and held >= SMALL)


def test_complements_are_the_smallest_and_large_tables_stay_whole() -> None:
    numbers = [[100, 200, 300], [40, 50, 3], [70, 80, 90]]
    small, others = hidden_cells(numbers)
    assert small == {(1, 2)}
    assert (1, 0) in others
    assert (2, 2) in others
    assert hidden_cells([[10, 20], [30, 40]]) == (set(), set())
    assert hidden_cells([]) == (set(), set())


def test_a_single_small_cell_takes_its_sum_with_it() -> None:
    small, others = hidden_cells([[3, 0], [50, 60], [70, 80]])
    assert {(0, 0), (0, 2)} <= small
    assert {(1, 0), (1, 2)} <= others


@pytest.mark.parametrize("seed", range(3))
def test_it_ends_also_for_tables_of_many_small_cells(seed: int) -> None:
    drawn = random.Random(seed)
    numbers = [[drawn.choice((0, 1, 2, 9, 10, 11)) for _ in range(5)] for _ in range(40)]
    small, others = hidden_cells(numbers)
    assert small
    assert not small & others
