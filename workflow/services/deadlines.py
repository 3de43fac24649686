"""The scheduled job: silent and dissolved enterprises, unanswered returns, overdue acceptance.

Idempotent; safe to run twice at once.

Each application is locked and looked at again before anything is done, so a second runner finds nothing left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.parameters.book import ParameterBook
from enterprises.enums import EnterpriseStatus
from workflow.actors import SYSTEM
from workflow.business import business_of, businesses
from workflow.enums import ENTERPRISE_DESKS, OFFICE_DESKS, Action, CloseReason, Desk, Status
from workflow.models import Application
from workflow.steps import Escalate, Lapse

from .locking import lock_applications
from .transitions import Transitions

CHUNK = 100


def run_silence(*, now: datetime | None = None) -> dict[str, int]:
    """Answers counts per kind of consequence."""
    now = now or utc_now()
    counts: Counter[str] = Counter()
    gone = Application.objects.filter(is_open=True, desk__in=ENTERPRISE_DESKS).exclude(
        holder_enterprise__status=EnterpriseStatus.EXISTING
    )
    for ids in _chunks(gone):
        with transaction.atomic():
            counts.update(_handle_gone(ids, now))
    for ids in _chunks(
        Application.objects.filter(is_open=True, due_on__lt=localdate(now)).exclude(desk__in=OFFICE_DESKS)
    ):
        with transaction.atomic():
            counts.update(_handle(ids, now))
    for ids in _chunks(_unaccepted(now)):
        with transaction.atomic():
            counts.update(_deem_accepted(ids, now))
    return dict(counts)


def _chunks(queryset: QuerySet[Application]) -> list[list[int]]:
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]


def _unaccepted(now: datetime) -> QuerySet[Application]:
    desks = {(business.kind, step.desk) for business in businesses() for step in business.steps if step.accepts}
    return Application.objects.filter(
        is_open=True,
        status=Status.IN_REVIEW,
        due_on__lt=localdate(now),
        accepted_at__isnull=True,
        desk__in={desk for _, desk in desks},
    )


def _handle_gone(ids: Sequence[int], now: datetime) -> Counter[str]:
    """An enterprise that was dissolved while it was asked: passed over where the business can do without it."""
    counts: Counter[str] = Counter()
    moves = Transitions(SYSTEM, now, ParameterBook.load())
    changed = []
    for application in lock_applications(ids):
        former = application.desk == Desk.FORMER_EMPLOYER
        holder = application.former_enterprise if former else application.enterprise
        if not application.is_open or application.desk not in ENTERPRISE_DESKS or holder is None or not holder.is_gone:
            continue
        changed.append(application)
        counts[_pass_over(application, f"{holder.name}已{holder.get_status_display()}，办理终止。", moves)] += 1
    moves.write(changed)
    return counts


def _pass_over(application: Application, ending: str, moves: Transitions) -> str:
    desk = application.desk
    step = business_of(application.kind).step_at(desk)
    reason = step.skip(application) if step is not None and step.skip is not None else ""
    position = len(moves.events)
    if reason and moves.enter_next(application, after=desk):
        moves.record(application, Action.SKIP, desk=desk, comment=reason)
        moves.events.insert(position, moves.events.pop())
        return "skipped"
    moves.close(application, Status.CLOSED, reason=CloseReason.ENTERPRISE_GONE, comment=ending)
    moves.record(application, Action.CLOSE, desk=desk, comment=ending)
    return "enterprise_gone"


def _handle(ids: Sequence[int], now: datetime) -> Counter[str]:
    counts: Counter[str] = Counter()
    moves = Transitions(SYSTEM, now, ParameterBook.load())
    changed = []
    for application in lock_applications(ids):
        if not application.is_open or application.due_on is None or application.due_on >= moves.today:
            continue
        outcome = _unanswered(application, moves) if application.desk == Desk.FILER else _silent(application, moves)
        if outcome:
            changed.append(application)
            counts[outcome] += 1
    moves.write(changed)
    return counts


def _unanswered(application: Application, moves: Transitions) -> str:
    comment = "退回补正后逾期未重新提交，视为撤回。需要时可重新申请。"
    moves.close(application, Status.CLOSED, reason=CloseReason.UNANSWERED, comment=comment)
    moves.record(application, Action.CLOSE, desk=Desk.FILER, comment=comment)
    return "unanswered"


def _silent(application: Application, moves: Transitions) -> str:
    desk = application.desk
    step = business_of(application.kind).step_at(desk)
    if step is None or step.silent is None:
        return ""
    if isinstance(step.silent, Lapse):
        reason = CloseReason.EXPIRED if desk == Desk.PERSON else CloseReason.LAPSED
        comment = f"“{Desk(desk).label}”在期限内没有处理，办理终止。需要时可重新申请。"
        moves.close(application, Status.CLOSED, reason=reason, comment=comment)
        moves.record(application, Action.CLOSE, desk=desk, comment=comment)
        return "lapsed"
    return _escalate(application, desk, step.silent, moves)


def _escalate(application: Application, desk: str, silent: Escalate, moves: Transitions) -> str:
    application.flags = [*application.flags, silent.flag]
    position = len(moves.events)
    if not moves.enter_next(application, after=desk):
        raise ValueError(f"{application.kind} escalates from its last desk")
    moves.record(application, Action.ESCALATE, desk=desk, comment=silent.flag)
    moves.events.insert(position, moves.events.pop())
    return "escalated"


def _deem_accepted(ids: Sequence[int], now: datetime) -> Counter[str]:
    """Silence of the office sets the acceptance date and starts the decision clock; the case stays on its desk, overdue."""
    counts: Counter[str] = Counter()
    moves = Transitions(SYSTEM, now, ParameterBook.load())
    changed = []
    for application in lock_applications(ids):
        step = business_of(application.kind).step_at(application.desk)
        overdue = application.due_on is not None and application.due_on < moves.today
        if (
            step is None
            or not step.accepts
            or application.accepted_at is not None
            or application.status != Status.IN_REVIEW
            or not overdue
        ):
            continue
        application.accepted_at = now
        moves.record(application, Action.DEEM_ACCEPTED, desk=application.desk, comment="受理期限已过，视为受理。")
        changed.append(application)
        counts["deemed_accepted"] += 1
    moves.write(changed)
    return counts
