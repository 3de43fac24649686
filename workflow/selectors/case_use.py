"""Reads who is at a case now: who has reserved it for a decision, and who has it open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.timezone import now as utc_now

from common.findings import Finding

from ..actors import Actor
from ..models import Application, CaseUse


@dataclass(frozen=True)
class InUse:
    """Says for one case who has reserved it, and which colleagues read it. `whose` is mine, other, or empty."""

    whose: str = ""
    name: str = ""
    until: datetime | None = None
    readers: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        if self.until is None:
            return ""
        return f"{'您' if self.whose == 'mine' else self.name}占用到 {clock_time(self.until)}"

    @property
    def readers_in_words(self) -> str:
        return f"{'、'.join(self.readers)}也打开了这一件" if self.readers else ""


def clock_time(moment: datetime) -> str:
    return f"{localtime(moment):%H:%M}"


def uses_of(applications: Iterable[Application], viewer: Actor, *, now: datetime | None = None) -> dict[int, InUse]:
    """One query, however many cases; what was written at an earlier desk does not count."""
    desks = {application.pk: application.desk for application in applications}
    if not desks:
        return {}
    found: dict[int, list[CaseUse]] = defaultdict(list)
    rows = CaseUse.objects.filter(application__in=desks, until__gt=now or utc_now()).select_related("user")
    for row in rows.order_by("pk"):
        if row.desk == desks[row.application_id]:
            found[row.application_id].append(row)
    return {pk: _in_use(rows, viewer) for pk, rows in found.items()}


def _in_use(rows: Collection[CaseUse], viewer: Actor) -> InUse:
    readers = tuple(row.user.name for row in rows if not row.is_reserved and row.user_id != viewer.user_id)
    reserved = next((row for row in rows if row.is_reserved), None)
    if reserved is None:
        return InUse(readers=readers)
    whose = "mine" if reserved.user_id == viewer.user_id else "other"
    return InUse(whose, reserved.user.name, reserved.until, readers)


def reserved_by_others(ids: Collection[int], actor: Actor, *, now: datetime) -> dict[int, CaseUse]:
    """Maps a case to its reservation by another login, as far as it has not run out and is of the case's present desk."""
    rows = CaseUse.objects.filter(
        application__in=ids, is_reserved=True, until__gt=now, desk=F("application__desk")
    ).exclude(user=actor.user_id)
    return {row.application_id: row for row in rows.select_related("user").order_by("pk")}


def reserved_finding(use: CaseUse) -> Finding:
    until = clock_time(use.until)
    return Finding(
        "workflow.reserved",
        f"{use.user.name}正在办理这一件，占用到 {until}",
        f"没有办理。可以等到 {until}；急需由您办理的，请与{use.user.name}说好后打开这一件，按“接手占用”再作决定。",
        turn=use.user.name,
    )


def is_reserved_by(actor: Actor, *, now: datetime | None = None) -> Q:
    """Filters cases to those that the actor has reserved."""
    return Q(pk__in=_reserved(now).filter(user=actor.user_id).values("application"))


def is_free_for(actor: Actor, desk: str, *, now: datetime | None = None) -> Q:
    """Filters cases of a desk to those that no colleague has reserved there."""
    return ~Q(pk__in=_reserved(now).filter(desk=desk).exclude(user=actor.user_id).values("application"))


def _reserved(now: datetime | None) -> QuerySet[CaseUse]:
    return CaseUse.objects.filter(is_reserved=True, until__gt=now or utc_now()).order_by()
