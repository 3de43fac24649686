"""Runs the nightly job on deadlines: desks that did not act, dissolved enterprises, unanswered returns, overdue
acceptance.

Each application is locked and looked at again before anything is done, because the job may run twice, also at once.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.parameters.book import ParameterBook
from common.findings import Finding, Refused
from enterprises.enums import EnterpriseStatus
from workflow.actors import SYSTEM
from workflow.business import business_of, businesses
from workflow.enums import ENTERPRISE_DESKS, OFFICE_DESKS, Action, CloseReason, Desk, Status
from workflow.models import Application
from workflow.steps import Escalate, Lapse

from .locking import PartiesChanged, lock_applications
from .stuck import FAILURE, report_stuck
from .transitions import Transitions

logger = logging.getLogger(__name__)

CHUNK = 100
Part = Callable[[Sequence[int], datetime], "Counter[str]"]


def apply_deadlines(*, now: datetime | None = None) -> dict[str, int]:
    """Acts on every open application whose deadline has passed. Answers counts per kind of consequence."""
    return _apply_all(Application.objects.filter(is_open=True), now or utc_now())


def apply_deadlines_to(ids: Sequence[int], *, now: datetime) -> dict[str, int]:
    """Does the same to these applications only."""
    return _apply_all(Application.objects.filter(is_open=True, pk__in=ids), now)


def _apply_all(applications: QuerySet[Application], now: datetime) -> dict[str, int]:
    overdue = applications.filter(due_on__lt=localdate(now)).exclude(desk__in=OFFICE_DESKS)
    parts: list[tuple[QuerySet[Application], Part]] = [
        (_with_dissolved(applications), _handle_dissolved),
        (overdue, _handle_overdue),
        (_overdue_acceptance(applications, now), _deem_accepted),
    ]
    return _apply(parts, now)


def leave_dissolved(enterprise_ids: Collection[int], *, now: datetime | None = None) -> dict[str, int]:
    """Does at once what the nightly job would do with the cases that wait for these enterprises, if they are gone."""
    rows = _with_dissolved(Application.objects.filter(is_open=True)).filter(holder_enterprise__in=enterprise_ids)
    return _apply([(rows, _handle_dissolved)], now or utc_now())


def _with_dissolved(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Its own cases that were returned to a dissolved enterprise are among them."""
    rows = applications.filter(desk__in=[*ENTERPRISE_DESKS, Desk.FILER], holder_enterprise__isnull=False)
    return rows.exclude(holder_enterprise__status=EnterpriseStatus.EXISTING)


def _apply(parts: Sequence[tuple[QuerySet[Application], Part]], now: datetime) -> dict[str, int]:
    counts: Counter[str] = Counter()
    stuck: dict[int, list[Finding]] = {}
    for queryset, part in parts:
        for ids in _chunks(queryset):
            counts.update(_each_on_its_own(part, ids, now, stuck))
    counts["stuck"] = report_stuck(stuck)
    return dict(+counts)


class _CannotMove(Exception):
    """Rolls a chunk back: it is done again without these."""

    def __init__(self, stuck: dict[int, list[Finding]]) -> None:
        self.stuck = stuck


def _each_on_its_own(part: Part, ids: Sequence[int], now: datetime, stuck: dict[int, list[Finding]]) -> Counter[str]:
    """Does a chunk in one transaction; what cannot move is left out, and a failure is found by trying each alone."""
    while True:
        rest = [pk for pk in ids if pk not in stuck]
        try:
            with transaction.atomic():
                return part(rest, now)
        except _CannotMove as error:
            stuck.update(error.stuck)
        except PartiesChanged:
            continue
        except Exception:
            if len(rest) == 1:
                logger.exception("the deadline of application %s could not be applied", rest[0])
                stuck[rest[0]] = [FAILURE]
                continue
            counts: Counter[str] = Counter()
            for pk in rest:
                counts.update(_each_on_its_own(part, [pk], now, stuck))
            return counts


def _chunks(queryset: QuerySet[Application]) -> list[list[int]]:
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]


def _overdue_acceptance(applications: QuerySet[Application], now: datetime) -> QuerySet[Application]:
    desks = {(business.kind, step.desk) for business in businesses() for step in business.steps if step.accepts}
    return applications.filter(
        status=Status.IN_REVIEW,
        due_on__lt=localdate(now),
        accepted_at__isnull=True,
        desk__in={desk for _, desk in desks},
    )


def _handle_dissolved(ids: Sequence[int], now: datetime) -> Counter[str]:
    """The step of an enterprise that was dissolved while it was asked is skipped where the business can do without it."""
    counts: Counter[str] = Counter()
    transitions = Transitions(SYSTEM, now, ParameterBook.load())
    changed, stuck = [], dict[int, list[Finding]]()
    for application in lock_applications(ids):
        is_former = application.desk == Desk.FORMER_EMPLOYER
        holder = application.former_enterprise if is_former else application.enterprise
        is_held = application.is_open and application.holder_enterprise_id is not None
        if not is_held or holder is None or not holder.is_gone:
            continue
        ending = f"{holder.name}已{holder.get_status_display()}，办理终止。"
        try:
            counts[_skip_or_close(application, ending, transitions)] += 1
        except Refused as refused:
            stuck[application.pk] = list(refused.findings)
        changed.append(application)
    if stuck:
        raise _CannotMove(stuck)
    transitions.write(changed)
    return counts


def _skip_or_close(application: Application, ending: str, transitions: Transitions) -> str:
    desk = application.desk
    step = business_of(application.kind).step_at(desk)
    reason = step.reason_to_skip(application) if step is not None else ""
    action, comment = (Action.SKIP, reason) if reason else (Action.CLOSE, ending)
    with transitions.recording(application, action, desk=desk, comment=comment):
        if reason and transitions.enter_next(application, after=desk):
            return "skipped"
        transitions.close(application, Status.CLOSED, reason=CloseReason.ENTERPRISE_GONE, comment=ending)
    return "enterprise_gone"


def _handle_overdue(ids: Sequence[int], now: datetime) -> Counter[str]:
    counts: Counter[str] = Counter()
    transitions = Transitions(SYSTEM, now, ParameterBook.load())
    changed, stuck = [], dict[int, list[Finding]]()
    for application in lock_applications(ids):
        if not application.is_open or application.due_on is None or application.due_on >= transitions.today:
            continue
        try:
            outcome = (
                _close_unanswered(application, transitions)
                if application.desk == Desk.FILER
                else _lapse_or_escalate(application, transitions)
            )
        except Refused as refused:
            stuck[application.pk] = list(refused.findings)
            continue
        if outcome:
            changed.append(application)
            counts[outcome] += 1
    if stuck:
        raise _CannotMove(stuck)
    transitions.write(changed)
    return counts


def _close_unanswered(application: Application, transitions: Transitions) -> str:
    comment = "退回补正后逾期未重新提交，视为撤回。需要时可重新申请。"
    transitions.close(application, Status.CLOSED, reason=CloseReason.UNANSWERED, comment=comment)
    transitions.record(application, Action.CLOSE, desk=Desk.FILER, comment=comment)
    return "unanswered"


def _lapse_or_escalate(application: Application, transitions: Transitions) -> str:
    desk = application.desk
    step = business_of(application.kind).step_at(desk)
    if step is None or step.when_overdue is None:
        return ""
    if isinstance(step.when_overdue, Lapse):
        reason = CloseReason.EXPIRED if desk == Desk.PERSON else CloseReason.LAPSED
        comment = f"“{Desk(desk).label}”在期限内没有处理，办理终止。需要时可重新申请。"
        transitions.close(application, Status.CLOSED, reason=reason, comment=comment)
        transitions.record(application, Action.CLOSE, desk=desk, comment=comment)
        return "lapsed"
    return _escalate(application, desk, step.when_overdue, transitions)


def _escalate(application: Application, desk: str, escalate: Escalate, transitions: Transitions) -> str:
    application.flags = [*application.flags, escalate.flag]
    with transitions.recording(application, Action.ESCALATE, desk=desk, comment=escalate.flag):
        if not transitions.enter_next(application, after=desk):
            raise ValueError(f"{application.kind} escalates from its last desk")
        transitions.tell_of_next_desk(application, escalate.flag)
    return "escalated"


def _deem_accepted(ids: Sequence[int], now: datetime) -> Counter[str]:
    """An office that missed its term counts as having accepted: the decision clock starts, and the case stays on its desk."""
    counts: Counter[str] = Counter()
    transitions = Transitions(SYSTEM, now, ParameterBook.load())
    changed = []
    for application in lock_applications(ids):
        step = business_of(application.kind).step_at(application.desk)
        overdue = application.due_on is not None and application.due_on < transitions.today
        if (
            step is None
            or not step.accepts
            or application.accepted_at is not None
            or application.status != Status.IN_REVIEW
            or not overdue
        ):
            continue
        application.accepted_at, application.deemed_accepted = now, True
        transitions.record(application, Action.DEEM_ACCEPTED, desk=application.desk, comment="受理期限已过，视为受理。")
        changed.append(application)
        counts["deemed_accepted"] += 1
    transitions.write(changed)
    return counts
