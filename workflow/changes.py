"""Says what an approval changes: each fact as it is now and as it is afterwards, with what proves it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """`attachment` is the key of the attachment kind that shows it; without one, a register does."""

    words: str
    attachment: str = ""


@dataclass(frozen=True)
class FactChange:
    """`now` is "" where nothing is there yet. `note` says on what `after` still depends."""

    label: str
    now: str
    after: str
    proof: Proof | None = None
    note: str = ""

    @property
    def is_change(self) -> bool:
        return self.now != self.after

    @property
    def row_class(self) -> str:
        """Names the class by which a table marks what changes."""
        return "changed" if self.is_change else ""


@dataclass(frozen=True)
class Comparison:
    """Compares one thing before and after, such as a certificate."""

    title: str
    rows: tuple[FactChange, ...]

    @property
    def changed(self) -> int:
        return sum(row.is_change for row in self.rows)
