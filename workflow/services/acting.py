"""Acts on applications, one or many, for people and for the system."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.utils.timezone import localdate, localtime
from django.utils.timezone import now as utc_now

from administration.parameters.book import ParameterBook
from common.database.constraints import sentence_of
from common.findings import Finding, Refused, blocking
from common.text.chinese import unified_lines
from workflow.business import Business, business_of
from workflow.checks import Case, Facts, evaluate
from workflow.permissions import marks_of, what_waits, why_not
from workflow.selectors.case_use import reserved_by_others, reserved_finding
from workflow.selectors.events import changes_since
from workflow.selectors.held import held_among, held_finding

from ..actors import SYSTEM, Actor
from ..enums import INSIDE_OFFICES, OFFICE_DESKS, Action, CloseReason, Desk, Party, Status
from ..models import Application, Event
from ..originals import archive, findings_on_originals, not_in_order, only_at_its_desk
from .case_use import end_use
from .drawing import draw
from .locking import PartiesChanged, lock_applications
from .stuck import report_stuck
from .transitions import CONTENT, Transitions, content_digests

MAX_COMMENT = 1000
"""Characters, each line break one of them."""
Seen = Mapping[int, int]
"""It maps the id of an application to the last event that the page showed on which the act was ordered."""


@dataclass
class ActResult:
    """Holds the outcome of each application of a batch."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, list[Finding]] = field(default_factory=dict)

    def add(self, other: ActResult) -> None:
        self.done += other.done
        self.refused.update(other.refused)


class _RefusedAfterEffects(Exception):
    """Rolls one round back because these rows broke a rule; the others are done again without them."""

    def __init__(self, refused: dict[int, list[Finding]]) -> None:
        self.refused = refused


@dataclass(frozen=True)
class _Order:
    """If `alone`, it is an act on one application, whose originals are no other's."""

    action: Action
    actor: Actor
    comment: str
    detail: dict[str, Any]
    now: datetime
    seen: Seen
    alone: bool
    tell: Callable[[ActResult], None] = lambda result: None


def act(
    application_id: int,
    *,
    action: Action,
    actor: Actor,
    comment: str = "",
    detail: dict[str, Any] | None = None,
    seen: int | None = None,
    now: datetime | None = None,
) -> None:
    """Raises `Refused` with every reason. `seen` is the last event that the page showed: what came later is not decided unseen."""
    known = {application_id: seen} if seen else {}
    result = act_many([application_id], action=action, actor=actor, comment=comment, detail=detail, seen=known, now=now)
    if result.refused:
        raise Refused(*result.refused[application_id])


def act_many(
    application_ids: Iterable[int],
    *,
    action: Action,
    actor: Actor,
    comment: str = "",
    detail: dict[str, Any] | None = None,
    seen: Seen | None = None,
    tell: Callable[[ActResult], None] = lambda result: None,
    now: datetime | None = None,
) -> ActResult:
    """Does the same act on many applications; a row that is refused never blocks the others.

    `tell` gets the result of each round inside its transaction, so that a record of results is never wrong about effects.
    """
    ids = list(dict.fromkeys(application_ids))
    said = unified_lines(comment).strip()
    if len(said) > MAX_COMMENT:
        return ActResult(refused={pk: [_too_long(said)] for pk in ids})
    order = _Order(action, actor, said, detail or {}, now or utc_now(), seen=seen or {}, alone=len(ids) == 1, tell=tell)
    result = ActResult()
    for kind, chunk in _rounds(ids, result):
        result.add(_round(business_of(kind), chunk, order))
    report_stuck(result.refused)
    return result


def _rounds(ids: Sequence[int], result: ActResult) -> list[tuple[str, list[int]]]:
    """Groups applications of one kind so that no two of a group share a person (or whatever their business says)."""
    found = {application.pk: application for application in Application.objects.filter(pk__in=ids)}
    rounds: dict[str, list[tuple[set[Hashable], list[int]]]] = defaultdict(list)
    for pk in ids:
        application = found.get(pk)
        if application is None:
            result.refused[pk] = [Finding("workflow.unknown", "没有这个办件。")]
            continue
        keys = set(business_of(application.kind).round_keys(application))
        for taken, chunk in rounds[application.kind]:
            if not taken & keys:
                taken |= keys
                chunk.append(pk)
                break
        else:
            rounds[application.kind].append((set(keys), [pk]))
    return [(kind, chunk) for kind, chunks in rounds.items() for _, chunk in chunks]


def _round(business: Business, ids: list[int], order: _Order) -> ActResult:
    """Runs one transaction, which is divided in halves only when the database refuses something."""
    refused: dict[int, list[Finding]] = {}
    while True:
        try:
            with transaction.atomic():
                result = _act_locked(business, [pk for pk in ids if pk not in refused], order)
                order.tell(result)
        except _RefusedAfterEffects as error:
            refused.update(error.refused)
            continue
        except PartiesChanged:
            continue
        except DatabaseError as error:
            remaining = [pk for pk in ids if pk not in refused]
            if len(remaining) == 1:
                refused[remaining[0]] = [_database_finding(error)]
                return ActResult(refused=refused)
            middle = len(remaining) // 2
            result = _round(business, remaining[:middle], order)
            result.add(_round(business, remaining[middle:], order))
        result.refused.update(refused)
        return result


def _too_long(comment: str) -> Finding:
    sentence = f"意见最多 {MAX_COMMENT} 字，现在 {len(comment)} 字"
    return Finding("workflow.comment_too_long", sentence, "请缩短后再提交；已写的内容还在页面上。")


def _database_finding(error: DatabaseError) -> Finding:
    if isinstance(error, IntegrityError):
        sentence = sentence_of(error)
        if sentence:
            return Finding("workflow.conflict", sentence, "请刷新页面查看最新状态。")
    if isinstance(error, OperationalError):
        sentence = "系统正忙，没有得到这一件的办理结果"
        return Finding("workflow.busy", sentence, "可能没有办理，也可能已经办理：请先打开办件核对，再决定是否重办。")
    raise error


def _act_locked(business: Business, ids: list[int], order: _Order) -> ActResult:
    applications = lock_applications(ids)
    result = ActResult()
    allowed = _seen_as_they_are(_allowed(applications, order, result), order, result)
    if order.action in (Action.RETURN, Action.REJECT) and not _says_why(order):
        finding = Finding(
            "workflow.reason_missing", "请写明原因", "退回或不予通过必须告诉申请人原因，一次说全。", turn="审核人"
        )
        result.refused.update({application.pk: [finding] for application in allowed})
        return result
    if not allowed:
        return result
    transitions = Transitions(order.actor, order.now, ParameterBook.load())
    if order.action == Action.APPROVE:
        _approve(business, allowed, order, transitions, result)
    else:
        for application in allowed:
            _end_or_return(application, order, transitions)
            result.done.append(application.pk)
        transitions.write(allowed)
    if order.actor.party == Party.OFFICE:
        end_use(result.done)
    return result


def _allowed(applications: Iterable[Application], order: _Order, result: ActResult) -> list[Application]:
    allowed, applications = [], list(applications)
    today = localdate(order.now)
    is_office = order.actor.party == Party.OFFICE
    ids = [application.pk for application in applications] if is_office else []
    reserved = reserved_by_others(ids, order.actor, now=order.now) if ids else {}
    held = held_among(ids) if ids else {}
    for application in applications:
        sentence = why_not(order.actor, order.action, application, today=today)
        waits = what_waits(order.actor, business_of(application.kind)) if order.action == Action.APPROVE else []
        if sentence is None and application.pk in held:
            result.refused[application.pk] = [held_finding(held[application.pk])]
        elif sentence is None and application.pk in reserved:
            result.refused[application.pk] = [reserved_finding(reserved[application.pk])]
        elif sentence is None and not waits:
            allowed.append(application)
        else:
            result.refused[application.pk] = waits if sentence is None else [Finding("workflow.not_now", sentence)]
    return allowed


def _seen_as_they_are(applications: list[Application], order: _Order, result: ActResult) -> list[Application]:
    """Leaves out the applications that changed after the page on which the act was ordered."""
    known = {application.pk: order.seen[application.pk] for application in applications if application.pk in order.seen}
    changes = changes_since(known, ignoring=frozenset() if order.actor.party == Party.OFFICE else INSIDE_OFFICES)
    result.refused.update({pk: [changed_finding(event)] for pk, event in changes.items()})
    return [application for application in applications if application.pk not in changes]


def changed_finding(event: Event) -> Finding:
    who = event.acting_for or event.actor_name or "系统"
    did = f"{who}于{localtime(event.at):%H:%M}{event.get_action_display()}"
    return Finding("workflow.changed", "办件在您打开页面之后有新的进展", f"{did}。请核对最新内容后再作决定。")


def refuse_if_changed(application: Application, seen: int | None) -> None:
    """Raises `Refused` if the application changed after the event that the page had shown."""
    if seen and (changes := changes_since({application.pk: seen})):
        raise Refused(changed_finding(changes[application.pk]))


def _says_why(order: _Order) -> bool:
    """A return may name originals instead of a comment."""
    return bool(order.comment) or (order.action == Action.RETURN and order.alone and bool(not_in_order(order.detail)))


def _detail(application: Application, order: _Order) -> dict[str, Any]:
    """Names both where a deputy acts."""
    return only_at_its_desk(application, order.detail) | on_behalf(application, order.actor)


def on_behalf(application: Application, actor: Actor) -> dict[str, Any]:
    absent = application.assignee if application.assignee_id in actor.deputy_for else None
    return {"on_behalf_of": absent.name, "on_behalf_of_id": absent.pk} if absent else {}


def _end_or_return(application: Application, order: _Order, transitions: Transitions) -> None:
    desk, detail = application.desk, _detail(application, order)
    if order.action == Action.RETURN:
        transitions.return_to_filer(application, comment=order.comment, detail=detail)
    elif order.action == Action.REJECT:
        transitions.close(application, Status.REJECTED, comment=order.comment)
    elif order.action == Action.WITHDRAW:
        transitions.close(application, Status.WITHDRAWN, comment=order.comment)
    else:
        raise ValueError(f"{order.action} is not an act of a party")
    transitions.record(application, order.action, desk=desk, comment=order.comment, detail=detail)


def _approve(
    business: Business, applications: list[Application], order: _Order, transitions: Transitions, result: ActResult
) -> None:
    cases = {case.application_id: case for case in business.rebuild(applications, today=transitions.today)}
    facts = Facts(list(cases.values()), transitions.parameters)
    findings = evaluate(facts.cases, facts)
    passed = []
    for application in applications:
        originals = findings_on_originals(application, order.detail, alone=order.alone)
        blockers = originals + blocking(findings[cases[application.pk]])
        if blockers:
            result.refused[application.pk] = blockers
        else:
            passed.append(application)
    desks = {application.pk: application.desk for application in passed}
    _remember_confirmed_content(passed)
    archive(passed, order.detail)
    decided, stuck = [], {}
    for application in passed:
        try:
            if not _forward(application, order, transitions, findings[cases[application.pk]]):
                decided.append(application)
        except Refused as error:
            stuck[application.pk] = list(error.findings)
    if stuck:
        # Its originals are archived and its fields changed already: the round is done again without it.
        raise _RefusedAfterEffects(stuck)
    if decided:
        refused = business.on_approve(
            decided, _narrowed(facts, cases, decided, transitions), by=order.actor, now=order.now
        )
        if refused:
            raise _RefusedAfterEffects(refused)
        draw(decided, business=business, desks=desks, by=order.actor, parameters=transitions.parameters, now=order.now)
    transitions.write(passed)
    result.done += [application.pk for application in passed]


def _narrowed(
    facts: Facts, cases: dict[int | None, Case], decided: Sequence[Application], transitions: Transitions
) -> Facts:
    """Keeps facts of the decided cases only, because effects must not reach rows that were refused."""
    if len(decided) == len(facts.cases):
        return facts
    return Facts([cases[application.pk] for application in decided], transitions.parameters)


def _forward(application: Application, order: _Order, transitions: Transitions, findings: list[Finding]) -> bool:
    """Approves at the present desk. Answers False when no desk is left and the application is decided."""
    desk, detail = application.desk, _detail(application, order)
    if desk in OFFICE_DESKS:
        application.approvers = sorted({*application.approvers, *marks_of(order.actor, desk)})
    step = business_of(application.kind).step_at(desk)
    if step is not None and step.originals:
        detail |= {CONTENT: content_digests([application])[application.pk]}
    if step is not None and step.accepts and application.accepted_at is None:
        application.accepted_at = order.now
    with transitions.recording(
        application, order.action, desk=desk, comment=order.comment, detail=detail, findings=findings
    ):
        has_next = transitions.enter_next(application, after=desk)
        if has_next:
            transitions.tell_of_next_desk(application)
        else:
            transitions.close(application, Status.APPROVED, comment=order.comment)
    return has_next


def _remember_confirmed_content(applications: Sequence[Application]) -> None:
    """A resubmission with other content goes back to the employer that confirmed this one."""
    confirming = {application.pk: application for application in applications if application.desk == Desk.EMPLOYER}
    for pk, content in content_digests(confirming.values()).items():
        confirming[pk].payload_digest = content


def close_overtaken(
    application_ids: Iterable[int],
    *,
    reason: CloseReason,
    comment: str | Mapping[int, str],
    now: datetime,
    by: Actor = SYSTEM,
) -> int:
    """Ends open applications because of something else that was decided. The caller holds the locks of their persons.

    `comment` is one sentence for all, or one for each application by its id.
    """
    applications = [application for application in lock_applications(application_ids) if application.is_open]
    transitions = Transitions(by, now, ParameterBook.load())
    for application in applications:
        desk = application.desk
        said = comment if isinstance(comment, str) else comment[application.pk]
        transitions.close(application, Status.CLOSED, reason=reason, comment=said)
        transitions.record(application, Action.CLOSE, desk=desk, comment=said)
    transitions.write(applications)
    return len(applications)
