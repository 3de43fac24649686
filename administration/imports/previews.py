"""Lets a kind of import add to its preview what the rows alone do not say: a page of its own, and rows to be looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.findings import Finding


@dataclass(frozen=True)
class Doubts:
    """Names the rows that are taken in although they contradict something that is known otherwise.

    Whoever confirms says by `tick` that they were looked at. `column` is the title under which the report lists them.
    """

    column: str
    tick: str

    def not_looked(self, number: int) -> Finding:
        message = f"有 {number} 行和“{self.column}”不一致，还没有核对"
        return Finding("import.not_looked", message, f"请逐行看过后勾选“{self.tick}”，再确认。")


@dataclass(frozen=True)
class OwnPage:
    """`context` gets the run and the sections of rows that are shown, and answers what the template needs besides."""

    template: str
    context: Callable[[Any, Sequence[Mapping[str, Any]]], dict[str, Any]]
