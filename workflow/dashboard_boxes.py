"""Keeps the registry by which apps to the right put boxes on the dashboard of the back office."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from common.registry import Registry


@dataclass(frozen=True)
class Line:
    label: str
    value: str = ""
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Box:
    title: str
    lines: Sequence[Line] = ()
    note: str = ""


BoxMaker = Callable[[HttpRequest], Box | None]
DASHBOARD_BOXES: Registry[BoxMaker] = Registry("box of the dashboard")
"""A maker answers None for readers whom the box does not concern; it asks a constant number of queries."""


def boxes(request: HttpRequest) -> list[Box]:
    made = (maker(request) for maker in DASHBOARD_BOXES)
    return [box for box in made if box is not None]
