"""What apps to the right put on the dashboard of the back office, filled from their `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Line:
    label: str
    value: str = ""
    url: str = ""
    tone: str = ""
    """good, warn, bad or info: the value is then shown as a mark."""


@dataclass(frozen=True)
class Box:
    title: str
    lines: Sequence[Line] = ()
    note: str = ""


BoxMaker = Callable[[HttpRequest], Box | None]
_boxes: dict[str, BoxMaker] = {}


def register_box(key: str, maker: BoxMaker) -> None:
    """`maker` answers None for readers whom the box does not concern; it asks a constant number of queries."""
    if _boxes.get(key, maker) is not maker:
        raise ValueError(f"two boxes are called {key!r}")
    _boxes[key] = maker


def boxes(request: HttpRequest) -> list[Box]:
    made = (maker(request) for maker in _boxes.values())
    return [box for box in made if box is not None]
