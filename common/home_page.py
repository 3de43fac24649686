"""Declares home pages to which every app adds: tasks of the reader, and the boxes below them.

A page is declared where its reader is (`PERSON_HOME`, `ENTERPRISE_HOME`); an app's `home_boxes.py`, which is found by
itself, adds to it by decorator. Everything that it adds asks a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest

from .database.together import read_together
from .findings import Cure, Finding
from .registry import Registry

Reader = TypeVar("Reader")
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Box:
    """The template is included and sees `context` under the name `box`. Boxes stand in ascending order: certificates 10,
    applications 20, employment 30, training 40. `more` leads to the page of which the box shows a part.
    """

    title: str
    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    order: int = 50
    more: Cure | None = None


Read = Callable[[Reader], QuerySet[Any]]


@dataclass(frozen=True)
class _Part(Generic[Reader]):
    """`function` is given the rows of each of `reads` after its other arguments."""

    function: Callable[..., Any]
    reads: tuple[Read[Reader], ...]


@dataclass(frozen=True)
class Contents:
    tasks: Sequence[Finding]
    boxes: Sequence[Box]


class HomePage(Generic[Reader]):
    def __init__(self, reader: str) -> None:
        self.tasks: Registry[_Part[Reader]] = Registry(f"task of the {reader}'s home page")
        self.boxes: Registry[_Part[Reader]] = Registry(f"box of the {reader}'s home page")

    def task(self, *reads: Read[Reader]) -> Callable[[Function], Function]:
        """Decorates `function(reader, *rows)`, which answers with something to do first, or None.

        Each of `reads` answers a query set for the reader. Those of all tasks and boxes take one statement, and one that
        several name is read once.
        """
        return self._adding(self.tasks, reads)

    def box(self, *reads: Read[Reader]) -> Callable[[Function], Function]:
        """Decorates `function(request, reader, *rows)`, which answers with a section of the page, or None."""
        return self._adding(self.boxes, reads)

    def contents_for(self, request: HttpRequest, reader: Reader, *, more: Iterable[Finding | None] = ()) -> Contents:
        """Tasks that block something come first, and boxes in their order."""
        tasks, boxes = list(self.tasks), list(self.boxes)
        rows = {read: read(reader) for part in [*tasks, *boxes] for read in part.reads}
        read_together(rows.values())
        findings = [part.function(reader, *(rows[read] for read in part.reads)) for part in tasks]
        sections = [part.function(request, reader, *(rows[read] for read in part.reads)) for part in boxes]
        return Contents(
            sorted(filter(None, [*findings, *more]), key=lambda finding: not finding.blocking),
            sorted(filter(None, sections), key=lambda box: box.order),
        )

    def _adding(
        self, parts: Registry[_Part[Reader]], reads: tuple[Read[Reader], ...]
    ) -> Callable[[Function], Function]:
        def register(function: Function) -> Function:
            parts.register(f"{function.__module__}.{function.__qualname__}", _Part(function, reads))
            return function

        return register
