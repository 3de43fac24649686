"""Tells before an act on several applications what follows from it, and afterwards what became of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.parameters.book import ParameterBook
from common.findings import Finding, blocking
from workflow.permissions import what_waits, why_not

from ..actors import Actor
from ..business import business_of
from ..checks import Facts, evaluate
from ..enums import Action, Desk
from ..models import Application, BulkAct
from ..originals import findings_on_originals
from .case_use import reserved_by_others, reserved_finding
from .held import held_among, held_finding


@dataclass(frozen=True)
class Consequence:
    """It says in words what follows for the applications of one business."""

    title: str
    count: int
    then: str


def find_bulk_act(key: UUID, actor: Actor) -> BulkAct | None:
    return BulkAct.objects.filter(pk=key, user_id=actor.user_id or 0).first()


def stopped_now(applications: Sequence[Application], actor: Actor, action: Action) -> dict[int, list[Finding]]:
    """Answers what stands against the act, by application; the service looks again under its locks."""
    found: dict[int, list[Finding]] = {}
    by_kind: dict[str, list[Application]] = defaultdict(list)
    reserved = reserved_by_others([one.pk for one in applications], actor, now=utc_now())
    held = held_among([one.pk for one in applications])
    for application in applications:
        sentence = why_not(actor, action, application, today=localdate())
        waits = what_waits(actor, business_of(application.kind)) if action == Action.APPROVE else []
        if sentence or waits:
            found[application.pk] = [Finding("workflow.not_now", sentence)] if sentence else waits
        elif application.pk in held:
            found[application.pk] = [held_finding(held[application.pk])]
        elif application.pk in reserved:
            found[application.pk] = [reserved_finding(reserved[application.pk])]
        elif action == Action.APPROVE:
            by_kind[application.kind].append(application)
    if by_kind:
        parameters, alone = ParameterBook.load(), len(applications) == 1
        for kind, chunk in by_kind.items():
            found |= _unmet(kind, chunk, parameters, alone=alone)
    return found


def _unmet(
    kind: str, applications: Sequence[Application], parameters: ParameterBook, *, alone: bool
) -> dict[int, list[Finding]]:
    """`alone` says that the whole act is about one application, whose originals are then looked at there."""
    cases = {case.application_id: case for case in business_of(kind).rebuild(applications, today=localdate())}
    findings = evaluate(list(cases.values()), Facts(list(cases.values()), parameters))
    found = {}
    for application in applications:
        blockers = findings_on_originals(application, {}, alone=alone) + blocking(findings[cases[application.pk]])
        if blockers:
            found[application.pk] = blockers
    return found


def consequences(applications: Iterable[Application], then: Callable[[Application], str]) -> list[Consequence]:
    counts = Counter((business_of(one.kind).title, then(one)) for one in applications)
    return [Consequence(title, count, then) for (title, then), count in counts.items()]


def what_follows(application: Application, action: Action) -> str:
    business = business_of(application.kind)
    if action == Action.RETURN:
        return "退回申请人补正，办理期限暂停；意见会原样告诉申请人"
    if action == Action.REJECT:
        return "本次申请终止；意见会原样告诉申请人"
    ahead = business.steps_ahead(application, application.desk)
    step = next((step for step, reason in ahead if not reason), None)
    return f"进入下一环节：{Desk(step.desk).label}" if step else f"立即生效：{business.outcome}"


def outcomes_of(bulk: BulkAct) -> Mapping[int, list[Finding] | None]:
    """Answers findings by application, none where it was done; None where no result was written."""
    kept = bulk.outcomes
    return {pk: [Finding.from_json(one) for one in kept[str(pk)]] if str(pk) in kept else None for pk in bulk.picked}
