"""Reads for the home page of a reviewer what waits at each desk: due this week, the oldest case, what came in, the share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.timezone import localdate

from common.web.paging import capped_text
from workflow.permissions import desks_of

from ..actors import Actor
from ..enums import Desk
from ..models import NEVER, Application, DeskFigure
from .lists import own_queue

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class DeskWork:
    """`came` and `mine` of all are counted by a job every few minutes, as the head of section reads them."""

    desk: Desk
    week: str
    oldest: Application | None
    came: int
    mine: int
    whole: int

    @property
    def share(self) -> str:
        """Answers how much of the desk's work is the reader's, in words."""
        return f"{self.mine} 件，占 {round(100 * self.mine / self.whole)}%" if self.whole else "没有"

    @property
    def oldest_due(self) -> date | None:
        return self.oldest.due_on if self.oldest is not None else None


def work_of(actor: Actor) -> list[DeskWork]:
    """Two queries for each desk of the actor's duties, and one for all figures."""
    today, desks = localdate(), desks_of(actor)
    figures = _figures(actor, desks) if desks else {}
    found = []
    for desk in desks:
        here = own_queue(actor, desk)
        oldest = here.select_related(None).exclude(due_sort=NEVER).first()
        week = capped_text(here.select_related(None).filter(due_sort__range=(today, today + WEEK)))
        found.append(DeskWork(desk, week, oldest, *figures.get(desk, (0, 0, 0))))
    return found


def _figures(actor: Actor, desks: Collection[Desk]) -> dict[str, tuple[int, int, int]]:
    """Answers what came today, what is the reader's, and all, for each desk of the office."""
    found: dict[str, tuple[int, int, int]] = {}
    rows = DeskFigure.objects.filter(office=actor.office_id, desk__in=desks).order_by("id")
    for desk, assignee, number, came in rows.values_list("desk", "assignee", "number", "came"):
        before = found.get(desk, (0, 0, 0))
        mine = number if assignee in actor.assigned_as else 0
        found[desk] = (before[0] + came, before[1] + mine, before[2] + number)
    return found
