"""Finds the place of a case in a reviewer's queue, and the case that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from common.web.paging import capped_count, row_comparison

from ..models import NEVER, Application
from .lists import QUEUE_ORDER


@dataclass(frozen=True)
class QueuePlace:
    """Says `第 position / total 件`; a number above the cap of lists ends with a plus."""

    position: str
    total: str
    next_number: str


def ordered(waiting: QuerySet[Application], order: Sequence[str] = QUEUE_ORDER) -> QuerySet[Application]:
    return waiting.select_related(None).order_by(*order, "-pk" if order[0].startswith("-") else "pk")


def first_of(waiting: QuerySet[Application], order: Sequence[str] = QUEUE_ORDER) -> Application | None:
    """Answers the first case in the order of the queue."""
    return ordered(waiting, order).first()


def around(
    waiting: QuerySet[Application], application: Application, order: Sequence[str] = QUEUE_ORDER
) -> tuple[QuerySet[Application], ...]:
    """Answers what stands before a case in the order of the queue, and what stands behind it."""
    names = tuple(name.removeprefix("-") for name in order)
    here = (*(_value(application, name) for name in names), application.pk)
    rows = ordered(waiting, order)
    signs = "><" if order[0].startswith("-") else "<>"
    before, behind = (rows.filter(row_comparison(rows, names, here, sign)) for sign in signs)
    return before, behind


def _value(application: Application, name: str) -> Any:
    """A case in memory may not know the present value of a column that the database computes."""
    if name == "due_sort":
        return application.due_on or NEVER
    return getattr(application, name)


def place_in(
    waiting: QuerySet[Application], application: Application, *, free: Q, order: Sequence[str] = QUEUE_ORDER
) -> QueuePlace:
    """The case is one of those waiting. After the last one follows the first; only what is `free` follows."""
    before, behind = around(waiting, application, order)
    (earlier, much_earlier), (later, much_later) = capped_count(before), capped_count(behind)
    following = _first_free(behind, free) if later else None
    if following is None and earlier:
        following = _first_free(before, free)
    position, total = earlier + 1, earlier + later + 1
    return QueuePlace(
        f"{earlier}+" if much_earlier else str(position),
        f"{total - 1}+" if much_earlier or much_later else str(total),
        following or "",
    )


def _first_free(waiting: QuerySet[Application], free: Q) -> str | None:
    return waiting.filter(free).values_list("number", flat=True).first()
