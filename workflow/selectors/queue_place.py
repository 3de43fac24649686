"""Finds the place of a case in a reviewer's queue, and the case that follows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from common.web.paging import capped_count, row_comparison

from ..models import NEVER, Application
from .lists import QUEUE_ORDER


@dataclass(frozen=True)
class QueuePlace:
    """Says `第 position / total 件`; a number above the cap of lists ends with a plus."""

    position: str
    total: str
    next_number: str


def place_in(waiting: QuerySet[Application], application: Application) -> QueuePlace:
    """The case is one of those waiting. After the last one follows the first."""
    waiting = waiting.select_related(None)
    here = (application.due_on or NEVER, application.pk)
    before, behind = (waiting.filter(row_comparison(waiting, QUEUE_ORDER, here, sign)) for sign in "<>")
    (earlier, much_earlier), (later, much_later) = capped_count(before), capped_count(behind)
    following = (behind if later else before).values_list("number", flat=True).first() if earlier or later else None
    position, total = earlier + 1, earlier + later + 1
    return QueuePlace(
        f"{earlier}+" if much_earlier else str(position),
        f"{total - 1}+" if much_earlier or much_later else str(total),
        following or "",
    )
