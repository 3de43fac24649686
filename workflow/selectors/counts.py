"""Counts for menu entries and the dashboard, no further than is shown as 99+."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet
from django.utils.timezone import localdate

from administration.models import JobRun
from common.web.paging import capped_text
from workflow.permissions import awaiting, desks_of

from ..actors import Actor
from ..enums import ENTERPRISE_DESKS, Desk, Party
from ..models import Application

CAP = 100


def _capped(condition: Q) -> int:
    return Application.objects.filter(condition).order_by()[:CAP].count()


def inbox_count(actor: Actor | None) -> int:
    return _capped(awaiting(actor)) if actor and actor.party in (Party.PERSON, Party.ENTERPRISE) else 0


def waiting_for_person(person_id: int) -> QuerySet[Application, int]:
    """Answers the ids of what waits for one person, which are few; their number is that of `inbox_count`."""
    return Application.objects.filter(is_open=True, holder_person=person_id).order_by("pk").values_list("pk", flat=True)


def confirmation_count(actor: Actor | None) -> int:
    if actor is None or actor.party != Party.ENTERPRISE:
        return 0
    return _capped(awaiting(actor) & Q(desk__in=ENTERPRISE_DESKS))


def office_count(actor: Actor | None) -> int:
    return _capped(awaiting(actor)) if actor and actor.party == Party.OFFICE else 0


def overdue_count(actor: Actor | None) -> int:
    if actor is None or actor.party != Party.OFFICE:
        return 0
    return _capped(awaiting(actor) & Q(due_sort__lt=localdate()))


def stuck_count() -> int:
    return _capped(Q(is_open=True) & ~Q(stuck=""))


@dataclass(frozen=True)
class DeskCount:
    """Counts one desk, each number no further than is shown as 1000+."""

    desk: Desk
    total: str
    late: str
    due_today: str


def desk_counts(actor: Actor) -> list[DeskCount]:
    """Counts every desk of the actor's duties, also an empty one."""
    today = localdate()
    counted = []
    for desk in desks_of(actor):
        here = Application.objects.filter(awaiting(actor) & Q(desk=desk))
        late, now = here.filter(due_sort__lt=today), here.filter(due_sort=today)
        counted.append(DeskCount(desk, *(capped_text(rows) for rows in (here, late, now))))
    return counted


def latest_job_runs() -> list[JobRun]:
    latest = JobRun.objects.order_by().values("name").annotate(last=Max("pk")).values("last")
    return list(JobRun.objects.filter(pk__in=latest).order_by("name"))
