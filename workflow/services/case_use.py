"""Members of an office reserve cases for some minutes, so that no two work on one (docs/adr/0025)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.parameters.book import ParameterBook
from common.findings import Finding, Refused
from workflow.permissions import desks_of, holds, why_not
from workflow.selectors.case_use import is_free_for, reserved_finding
from workflow.selectors.held import held_among, held_finding
from workflow.selectors.lists import QUEUE_ORDER
from workflow.selectors.queue_place import first_of

from ..actors import Actor
from ..enums import Action
from ..models import Application, CaseUse
from .auditing import author_of
from .locking import lock_rows

TRIES = 5
"""Colleagues may be faster at so many cases, one after the other."""
READING = timedelta(seconds=100)
"""An open page says every forty seconds that it is still open."""


@transaction.atomic
def reserve(application_id: int, *, actor: Actor, seize: bool = False, now: datetime | None = None) -> CaseUse:
    """Reserves a case that waits for this actor, or goes on with the own reservation.

    `seize` takes over what a colleague has reserved. Raises `Refused`, naming the colleague, without it.
    """
    now = now or utc_now()
    # The row of the case is locked, so that of two who press at once one is refused. Nothing is locked after it.
    application = next(iter(lock_rows(Application, [application_id])), None)
    if application is None or actor.user_id is None or not holds(actor, application):
        raise Refused(_not_waiting(actor, application, now))
    if held := held_among([application_id], now=now):
        raise Refused(held_finding(held[application_id]))
    reserved = CaseUse.objects.filter(application=application, desk=application.desk, is_reserved=True)
    other = reserved.exclude(user=actor.user_id).select_related("user").order_by("pk").first()
    if other is not None:
        if other.until > now and not seize:
            raise Refused(reserved_finding(other))
        if other.until > now:
            _audit_seizure(application, other, actor)
        other.delete()
    kept = {"desk": application.desk, "is_reserved": True, "until": now + time_out(now)}
    return CaseUse.objects.update_or_create(application=application, user_id=actor.user_id, defaults=kept)[0]


def reserve_first(
    waiting: QuerySet[Application], actor: Actor, desk: str, *, order: Sequence[str] = QUEUE_ORDER
) -> str:
    """Reserves the first case that no colleague has reserved; answers its number, or nothing where none is left."""
    for _ in range(TRIES):
        found = first_of(waiting.filter(is_free_for(actor, desk)), order)
        if found is None:
            return ""
        try:
            reserve(found.pk, actor=actor)
        except Refused:
            continue
        return found.number
    return ""


def _not_waiting(actor: Actor, application: Application | None, now: datetime) -> Finding:
    sentence = why_not(actor, Action.APPROVE, application, today=localdate(now)) if application else None
    return Finding("workflow.not_now", sentence or "这件不在您的待办中。")


def _audit_seizure(application: Application, former: CaseUse, actor: Actor) -> None:
    detail: dict[str, object] = {
        "number": application.number,
        "desk": application.desk,
        "former": former.user.name,
        "until": former.until.isoformat(),
    }
    about = [(Application._meta.label_lower, application.pk, detail)]
    record_audits("application.seize", about, by=author_of(actor))


@transaction.atomic
def release(application_id: int, *, actor: Actor) -> bool:
    """Gives back what this login has reserved; False where it had nothing."""
    mine = CaseUse.objects.filter(application=application_id, user=actor.user_id, is_reserved=True)
    return bool(mine.delete()[0])


@transaction.atomic
def stay(application: Application, *, actor: Actor, is_active: bool, now: datetime | None = None) -> None:
    """Notes that a member of the office has the case open; the own reservation goes on while he or she does something."""
    now = now or utc_now()
    is_here = application.holder_office_id == actor.office_id and application.desk in desks_of(actor)
    if actor.user_id is None or not application.is_open or not is_here:
        return
    mine = CaseUse.objects.filter(application=application, user=actor.user_id)
    reserved = mine.filter(is_reserved=True, until__gt=now, desk=application.desk)
    if reserved.exists():
        if is_active:
            reserved.update(until=now + time_out(now))
        return
    row = CaseUse(application=application, user_id=actor.user_id, desk=application.desk, until=now + READING)
    CaseUse.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["application", "user"],
        update_fields=["desk", "until", "is_reserved"],
    )


def end_use(application_ids: Collection[int]) -> None:
    """The caller has locked the cases and moved them on."""
    CaseUse.objects.filter(application__in=application_ids).delete()


def forget_old_uses(*, now: datetime | None = None) -> int:
    """Deletes what ended by itself a day ago, as on cases that a deadline has moved."""
    return CaseUse.objects.filter(until__lt=(now or utc_now()) - timedelta(days=1)).delete()[0]


def time_out(now: datetime) -> timedelta:
    return timedelta(minutes=ParameterBook.load().integer("reservation_minutes", localdate(now)))
