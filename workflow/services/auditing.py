"""Writes every decision of a party into the audit, whose chain shows later that none was changed or left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from accounts.enums import Sphere
from administration.audit.services import Author, record_audits
from common.operation.logging import request_id
from enterprises.models import Enterprise

from ..actors import Actor
from ..enums import Action, Party
from ..models import Application, Event

SPHERES = {Party.PERSON: Sphere.PERSON, Party.ENTERPRISE: Sphere.OPERATOR, Party.OFFICE: Sphere.STAFF}
AUDITED = {
    Action.APPROVE: "application.approve",
    Action.RETURN: "application.return",
    Action.REJECT: "application.reject",
    Action.ASSIGN: "application.assign",
    Action.RELEASE: "application.release",
    Action.TAKE_OVER: "application.take_over",
    Action.REROUTE: "application.hand_over",
    Action.ASK: "application.ask",
    Action.ANSWER: "application.answer",
}
TOLD = ("on_behalf_of", "assignee", "former_assignee", "from_office", "to_office", "reason")
"""The audit repeats these of the detail of an event."""


def author_of(actor: Actor) -> Author:
    sphere = SPHERES.get(actor.party)
    return Author(actor.user_id, actor.name, sphere.value if sphere else "", request_id.get()[:40])


def audit_list_taken(action: str, by: Actor, **detail: object) -> None:
    """Notes that an operator took a list of the own enterprise; `detail` says how many rows it has, and what else counts."""
    told = {**detail, "acting_for": by.acting_for}
    record_audits(action, [(Enterprise._meta.label_lower, by.enterprise_id or 0, told)], by=author_of(by))


def audit_decisions(events: Iterable[Event], actor: Actor) -> None:
    """Takes events of one batch; what the system did by itself stands in the record of the case alone."""
    decided: dict[str, list[tuple[str, object, dict[str, object]]]] = defaultdict(list)
    for event in events:
        action = AUDITED.get(Action(event.action))
        if action is None or event.actor_id is None or event.actor_id != actor.user_id:
            continue
        detail: dict[str, object] = {
            "number": event.application.number,
            "kind": event.application.kind,
            "desk": event.desk,
            "acting_for": event.acting_for,
            "batch": str(event.batch),
        } | {key: event.detail[key] for key in TOLD if key in event.detail}
        decided[action].append((Application._meta.label_lower, event.application_id, detail))
    for action, about in decided.items():
        record_audits(action, about, by=author_of(actor))
