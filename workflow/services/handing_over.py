"""Heads of an office give cases to a colleague or to another office; members take cases over (docs/adr/0021)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.models import User
from administration.enums import RouteDesk
from administration.messages.services import OutgoingMessage
from administration.models import Office
from administration.offices.selectors import Routing
from administration.parameters.book import ParameterBook
from common.findings import Finding, Refused
from common.text.chinese import unified_lines
from workflow.actors import SYSTEM, Actor, actor_of
from workflow.business import business_of
from workflow.permissions import (
    heads_province,
    is_of_another,
    may_release,
    may_take_over,
    why_not,
    why_not_assignee,
    why_not_hand_over,
)
from workflow.selectors.events import changes_since

from ..enums import Action, Desk
from ..models import Application
from .acting import MAX_COMMENT, ActResult, Seen, changed_finding, refuse_if_changed
from .case_use import end_use
from .locking import know_holders, lock_applications_as_they_are, lock_rows
from .transitions import Transitions

CHUNK = 100


@dataclass(frozen=True)
class Receiver:
    """Names who gets the cases: a colleague, another office, or with neither of them everybody of the desk again."""

    colleague: User | None = None
    office: Office | None = None

    @property
    def action(self) -> Action:
        if self.office is not None:
            return Action.REROUTE
        return Action.ASSIGN if self.colleague is not None else Action.RELEASE


def hand_over(
    application_ids: Iterable[int],
    *,
    to: Receiver,
    actor: Actor,
    reason: str,
    seen: Seen | None = None,
    tell: Callable[[ActResult], None] = lambda result: None,
    now: datetime | None = None,
) -> ActResult:
    """Gives each case or says why not; a case that is refused never stops the others. Days on which they are due stay."""
    ids = sorted(set(application_ids))
    said = unified_lines(reason).strip()
    if found := findings_on_reason(said):
        return ActResult(refused=dict.fromkeys(ids, found))
    result = ActResult()
    for start in range(0, len(ids), CHUNK):
        with transaction.atomic():
            done = _hand_over_locked(ids[start : start + CHUNK], to, actor, said, seen or {}, now or utc_now())
            tell(done)
        result.add(done)
    return result


def findings_on_reason(reason: str) -> list[Finding]:
    if not reason:
        return [Finding("handing.reason", "请写明原因", "原因写进办理记录，只有主管部门能看到。", turn="科室负责人")]
    if len(reason) > MAX_COMMENT:
        return [Finding("handing.reason", f"原因最多 {MAX_COMMENT} 字，现在 {len(reason)} 字", "请缩短后再提交。")]
    return []


def _hand_over_locked(
    ids: Sequence[int], to: Receiver, actor: Actor, reason: str, seen: Seen, now: datetime
) -> ActResult:
    if to.colleague is not None:
        # Before the applications, so that no login is closed while it gets a case.
        to = Receiver(colleague=lock_rows(User, [to.colleague.pk])[0])
    applications = lock_applications_as_they_are(ids)
    stops = Stops(to, actor)
    changes = changes_since({pk: event for pk, event in seen.items() if pk in ids})
    result, going = ActResult(), list[Application]()
    for application in applications:
        if application.pk in changes:
            result.refused[application.pk] = [changed_finding(changes[application.pk])]
        elif finding := stops.finding(application):
            result.refused[application.pk] = [finding]
        else:
            going.append(application)
            result.done.append(application.pk)
    for pk in set(ids) - set(result.done) - set(result.refused):
        result.refused[pk] = [Finding("workflow.unknown", "没有这个办件。")]
    _give(going, to, reason, Transitions(actor, now, ParameterBook.load()))
    end_use(result.done)
    return result


class Stops:
    """Says what stands against giving a case to this receiver; it reads the routing once and the receiver once."""

    def __init__(self, to: Receiver, actor: Actor) -> None:
        self.to, self.actor = to, actor
        self._receiver = actor_of(to.colleague) if to.colleague is not None else None
        self._routing = Routing() if to.office is not None else None

    def finding(self, application: Application) -> Finding | None:
        sentence = self._sentence(application)
        return Finding("handing.not_now", sentence, turn="科室负责人") if sentence else None

    def _sentence(self, application: Application) -> str | None:
        to_office = self.to.office is not None
        if self.to.action == Action.RELEASE and may_release(self.actor, application):
            return None
        if sentence := why_not_hand_over(self.actor, application, to_office=to_office):
            return sentence
        if to_office:
            return self._why_not_office(application)
        if self.to.colleague is None:
            return "这件没有指定承办人。"
        if self._receiver is None:
            return f"{self.to.colleague.name}的账号已停用，不能承办。"
        if application.assignee_id == self.to.colleague.pk:
            return f"这件已经由{self.to.colleague.name}承办。"
        return why_not_assignee(self._receiver, application)

    def _why_not_office(self, application: Application) -> str | None:
        """An office is competent by the routing of the region; the province decides on others that serve the desk."""
        office, desk = self.to.office, application.desk
        if office is None or self._routing is None:
            raise ValueError("an office is asked about")
        if application.asked_from:
            return "这件正在请本环节核实，请先答复，再转办。"
        if office.pk == application.holder_office_id:
            return f"这件已经由{office.name}办理。"
        if desk not in RouteDesk.values or office.pk not in self._routing.serving(desk):
            return f"{office.name}不办理“{Desk(desk).label}”。可以转给受理范围中负责这一环节的部门。"
        competent = {one.pk for one in self._routing.chain(application.region_id, desk)}
        if office.pk in competent or heads_province(self.actor):
            return None
        return f"按受理范围，{office.name}不负责这件所在地区。确需转办的，请省厅科室负责人写明原因后转办。"


def _give(applications: Sequence[Application], to: Receiver, reason: str, transitions: Transitions) -> None:
    know_holders(applications)
    for application in applications:
        detail: dict[str, Any] = {"reason": reason}
        if application.assignee is not None:
            detail["former_assignee"] = application.assignee.name
        if to.office is not None:
            _to_office(application, to.office, detail, transitions)
            continue
        application.assignee = to.colleague
        if to.colleague is not None:
            detail |= {"assignee": to.colleague.name}
        transitions.record(application, to.action, desk=application.desk, detail=detail)
    if to.office is None:
        transitions.outgoing += _told_inside(applications, to)
    transitions.write(applications)


def _told_inside(applications: Iterable[Application], to: Receiver) -> list[OutgoingMessage]:
    """The mailbox is the office's, so the titles name the colleague."""
    groups: dict[tuple[int | None, str], int] = Counter(
        (one.holder_office.mailbox_id if one.holder_office else None, one.desk) for one in applications
    )
    who = f"{to.colleague.name}：分给您" if to.colleague else "取消承办人，请科室安排："
    return [
        OutgoingMessage(
            box,
            f"{who} {count} 件待办（{Desk(desk).label}）",
            "办理期限不变。",
            f"/office/queue/{desk}/",
            event="office_work",
        )
        for (box, desk), count in sorted(groups.items(), key=str)
    ]


def _to_office(application: Application, target: Office, detail: dict[str, Any], transitions: Transitions) -> None:
    source = application.holder_office
    if source is None:
        raise ValueError("it lies with an office")
    application.holder_office = application.chosen_office = target
    application.chosen_desk, application.assignee = application.desk, None
    words = f"由{source.name}转到{target.name}办理，办理期限不变。"
    detail |= {"from_office": source.name, "to_office": target.name, "to_office_id": target.pk}
    transitions.record(application, Action.REROUTE, desk=application.desk, comment=words, detail=detail)
    title, link = (
        f"{business_of(application.kind).title} {application.number}",
        f"/office/applications/{application.number}/",
    )
    transitions.outgoing.append(
        OutgoingMessage(target.mailbox_id, f"转来待办：{title}", words, link, event="office_work")
    )
    if source.pk != transitions.actor.office_id:
        transitions.outgoing.append(
            OutgoingMessage(source.mailbox_id, f"转出待办：{title}", words, event="office_work")
        )
    if application.desk == Desk.COUNTER:
        transitions.tell_filer(
            application, f"原件核验窗口已改：{title}", f"请带原件到{_place(target)}核验，不必重新申请。"
        )


def _place(office: Office) -> str:
    place = "，".join(filter(None, [office.address, office.phone, office.opening_hours]))
    return f"{office.name}（{place}）" if place else office.name


@transaction.atomic
def take_over(
    application_id: int, *, actor: Actor, reason: str, seen: int | None = None, now: datetime | None = None
) -> None:
    """A member of the office takes a case from a colleague. Raises `Refused` where it is not at his or her desk."""
    said = unified_lines(reason).strip()
    if found := findings_on_reason(said):
        raise Refused(*found)
    (application,) = lock_applications_as_they_are([application_id])
    refuse_if_changed(application, seen)
    if not may_take_over(actor, application):
        raise Refused(Finding("handing.not_now", _why_not_take_over(actor, application)))
    former = application.assignee
    if former is None or actor.user_id is None:
        raise ValueError("it is assigned to somebody")
    transitions = Transitions(actor, now or utc_now(), ParameterBook.load())
    application.assignee_id = actor.user_id
    detail = {"reason": said, "former_assignee": former.name, "assignee": actor.name}
    transitions.record(application, Action.TAKE_OVER, desk=application.desk, detail=detail)
    transitions.tell_holder(application, f"{former.name}：您的一件已由{actor.name}接手", said)
    transitions.write([application])
    end_use([application_id])


def _why_not_take_over(actor: Actor, application: Application) -> str:
    if application.is_open and not is_of_another(actor, application):
        return why_not(
            actor, Action.ANSWER if application.asked_from else Action.APPROVE, application, today=localdate()
        ) or ("这件没有由别人承办，可以直接办理。")
    return "这件不在您的环节，不能接手。"


@transaction.atomic
def release_assignments(user: User, *, now: datetime | None = None) -> int:
    """Frees what is assigned to a login that no longer serves the desk: closed, in another office, or without the duty."""
    ids = Application.objects.filter(is_open=True, assignee=user).order_by("pk").values_list("pk", flat=True)
    if not ids:
        return 0
    successor, transitions = actor_of(user), Transitions(SYSTEM, now or utc_now(), ParameterBook.load())
    freed = [one for one in lock_applications_as_they_are(list(ids)) if _has_lost(user, successor, one)]
    for application in freed:
        application.assignee = None
        detail = {"former_assignee": user.name, "reason": "承办人的账号已停用、调离或职责有变化"}
        transitions.record(application, Action.RELEASE, desk=application.desk, detail=detail)
    know_holders(freed)
    transitions.outgoing += _told_inside([one for one in freed if one.holder_office_id is not None], Receiver())
    transitions.write(freed)
    return len(freed)


def _has_lost(user: User, successor: Actor | None, application: Application) -> bool:
    if application.assignee_id != user.pk or not application.is_open:
        return False
    if application.holder_office_id is None:  # returned: the desk is looked at again when it comes back
        return successor is None
    return successor is None or why_not_assignee(successor, application) is not None
