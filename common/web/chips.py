"""Narrows a list to one kind by the chips above it, each with how many rows it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from django.http import HttpRequest


class Kind(Protocol):
    @property
    def value(self) -> str: ...

    @property
    def label(self) -> str: ...


def chosen_kind(request: HttpRequest, kinds: Collection[str], name: str = "kind") -> str:
    """A kind that is not offered narrows nothing."""
    kind = request.GET.get(name, "")
    return kind if kind in kinds else ""


def chips_of(
    found: Sequence[str], kinds: Iterable[Kind], current: str, *, shows_empty: bool = True
) -> list[dict[str, object]]:
    """`found` has the kind of each row."""
    counts = Counter(map(str, found))
    chips: list[dict[str, object]] = [{"value": "", "label": "全部", "count": len(found)}]
    chips += [
        {"value": kind.value, "label": kind.label, "count": counts[kind.value]}
        for kind in kinds
        if shows_empty or counts[kind.value]
    ]
    return [{**chip, "is_current": chip["value"] == current} for chip in chips]
