"""Tells how much slower this machine computes at this moment than the one on which the bars of speed were set.

A busy core shares its caches and its clock: the same page takes two to four times the CPU then. A bar that is multiplied
by this pace holds the page to its cost on a calm machine, whatever else runs.
"""

from __future__ import annotations

import time

CALM = 0.0155
"""The unit is seconds of CPU that `_work` takes on a calm machine."""


def pace() -> float:
    """Answers at least 1."""
    return max(1.0, min(_seconds() for _ in range(5)) / CALM)


def _seconds() -> float:
    begun = time.process_time()
    _work()
    return time.process_time() - begun


def _work() -> int:
    """Does what a page does most: makes objects, looks up names, joins text."""
    found: dict[str, list[str]] = {}
    for number in range(30_000):
        found.setdefault(f"row {number % 500}", []).append(str(number))
    return sum(len("".join(rows)) for rows in found.values())
