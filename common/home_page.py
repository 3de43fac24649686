"""Declares home pages to which every app adds: tasks of the reader, and the boxes below them.

A page is declared where its reader is (`PERSON_HOME`, `ENTERPRISE_HOME`); an app's `home_boxes.py`, which is found by
itself, adds to it by decorator. Everything that it adds asks a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.http import HttpRequest

from .findings import Finding
from .registry import Registry

Reader = TypeVar("Reader")


@dataclass(frozen=True)
class Box:
    """The template is included and sees `context` under the name `box`. Boxes stand in ascending order: certificates 10,
    applications 20, employment 30, training 40.
    """

    title: str
    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    order: int = 50


class HomePage(Generic[Reader]):
    def __init__(self, reader: str) -> None:
        self.tasks: Registry[Callable[[Reader], Finding | None]] = Registry(f"task of the {reader}'s home page")
        self.boxes: Registry[Callable[[HttpRequest, Reader], Box | None]] = Registry(f"box of the {reader}'s home page")

    def task(self, function: Callable[[Reader], Finding | None]) -> Callable[[Reader], Finding | None]:
        """Decorates `function(reader)`, which answers with something to do first, or None."""
        return self.tasks.register(_name_of(function), function)

    def box(self, function: Callable[[HttpRequest, Reader], Box | None]) -> Callable[[HttpRequest, Reader], Box | None]:
        """Decorates `function(request, reader)`, which answers with a section of the page, or None."""
        return self.boxes.register(_name_of(function), function)

    def tasks_for(self, reader: Reader, *, more: Iterable[Finding | None] = ()) -> list[Finding]:
        """Tasks that block something come first."""
        asked = [task(reader) for task in self.tasks]
        found = [finding for finding in [*asked, *more] if finding is not None]
        return sorted(found, key=lambda finding: not finding.blocking)

    def boxes_for(self, request: HttpRequest, reader: Reader) -> list[Box]:
        found = [shown for box in self.boxes if (shown := box(request, reader)) is not None]
        return sorted(found, key=lambda box: box.order)


def _name_of(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
