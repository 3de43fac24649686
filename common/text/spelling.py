"""Compares stored names with the spelling that would be stored today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

BLOCK = 500
"""So many rows are changed in one transaction."""


@dataclass(frozen=True)
class Respelled:
    """Names a row whose stored name is spelt in another way today. Where it `is_usable` no more, a clerk has to look."""

    pk: int
    former: str
    name: str
    is_usable: bool

    @property
    def signs(self) -> str:
        """Shows what the eye cannot tell apart."""
        lost = dict.fromkeys(sign for sign in self.former if sign not in self.name)
        return " ".join(f"U+{ord(sign):04X}" for sign in lost)


def respelled(
    rows: Iterable[tuple[int, str]], normalise: Callable[[str], str], is_usable: Callable[[str], bool]
) -> Iterator[Respelled]:
    for pk, stored in rows:
        name = normalise(stored)
        if name != stored:
            yield Respelled(pk, stored, name, is_usable(name))


def in_blocks(found: list[Respelled], write: Callable[[list[Respelled]], int]) -> int:
    """Has a block of rows changed per transaction, and answers how many `write` changed."""
    return sum(write(found[start : start + BLOCK]) for start in range(0, len(found), BLOCK))
