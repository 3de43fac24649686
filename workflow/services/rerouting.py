"""Moves open cases to the offices that now answer for their regions, in the transaction that changes the routing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from administration.enums import RouteDesk
from administration.messages.services import OutgoingMessage
from administration.models import Office
from administration.offices.routing_change import Moved, RoutingChange
from administration.parameters.book import ParameterBook
from workflow.actors import Actor
from workflow.business import business_of
from workflow.enums import Action, Desk, Party
from workflow.models import Application

from .locking import lock_applications_as_they_are
from .transitions import Transitions


@transaction.atomic
def follow_routing(change: RoutingChange, *, now: datetime) -> list[Moved]:
    """The caller holds the lock of the routing, so that no case enters a desk meanwhile. Days on which cases are due stay."""
    moving = [
        application for application in lock_applications_as_they_are(_held(change)) if _follows(change, application)
    ]
    offices = {office.pk: office for office in Office.objects.filter(pk__in={*change.losing, *change.shown})}
    pairs: dict[tuple[int, int], list[Application]] = defaultdict(list)
    for application in moving:
        target = change.target(application.region_id, application.desk)
        offices.setdefault(target.pk, target)
        pairs[application.holder_office_id or 0, target.pk].append(application)
    transitions = Transitions(_mover(change), now, ParameterBook.load())
    for (source, target_id), applications in pairs.items():
        _hand_over(applications, offices[source], offices[target_id], transitions)
    transitions.write([])
    moved = [_moved(applications, offices[a].name, offices[b].name) for (a, b), applications in pairs.items()]
    return moved + _staying(change, offices)


def _held(change: RoutingChange) -> list[int]:
    rows = Application.objects.filter(
        is_open=True, desk__in=RouteDesk.values, holder_office__in=change.losing
    ).values_list("pk", "region_id", "desk", "holder_office_id")
    return [pk for pk, region, desk, holder in rows if change.follows(region, desk, holder or 0)]


def _follows(change: RoutingChange, application: Application) -> bool:
    """Looks again at the locked row, which may have been decided meanwhile."""
    return (
        application.is_open
        and application.desk in RouteDesk.values
        and change.follows(application.region_id, application.desk, application.holder_office_id or 0)
    )


def _mover(change: RoutingChange) -> Actor:
    """Events carry the name only: an office reads a case once one of its logins has acted on it, and this is no such act."""
    return Actor(Party.SYSTEM, None, change.by.name, acting_for=change.by.acting_for)


def _hand_over(applications: Sequence[Application], source: Office, target: Office, transitions: Transitions) -> None:
    moving = Application.objects.filter(pk__in=[application.pk for application in applications])
    moving.update(holder_office=target, assignee=None, chosen_office=None, chosen_desk="")
    words = f"受理范围调整，由{source.name}转到{target.name}办理，办理期限不变。"
    for application in applications:
        application.holder_office, application.assignee = target, None
        detail = {"from_office": source.name, "to_office": target.name}
        transitions.record(application, Action.REROUTE, desk=application.desk, comment=words, detail=detail)
        if application.desk == Desk.COUNTER and not application.asked_from:
            transitions.tell_filer(application, f"原件核验窗口已改：{_title(application)}", _where(target))
    transitions.outgoing += _summaries(applications, source, target)


def _title(application: Application) -> str:
    return f"{business_of(application.kind).title} {application.number}"


def _where(office: Office) -> str:
    place = "，".join(filter(None, [office.address, office.phone, office.opening_hours]))
    said = f"（{place}）" if place else ""
    return f"请带原件到{office.name}{said}核验，不必重新申请，办理期限不变。"


def _summaries(applications: Iterable[Application], source: Office, target: Office) -> list[OutgoingMessage]:
    messages = []
    for desk, count in sorted(Counter(application.desk for application in applications).items()):
        label, link = Desk(desk).label, f"/office/queue/{desk}/"
        title = f"转来 {count} 件待办（{label}）"
        text = f"受理范围调整，原由{source.name}办理的 {count} 件转到本部门，办理期限不变。"
        messages.append(OutgoingMessage(target.mailbox_id, title, text, link, event="office_work"))
        text = f"受理范围调整，本部门的 {count} 件已转到{target.name}，不再需要办理。"
        messages.append(
            OutgoingMessage(source.mailbox_id, f"转出 {count} 件待办（{label}）", text, link, event="office_work")
        )
    return messages


def _moved(applications: Sequence[Application], source: str, target: str) -> Moved:
    clocks = sum(application.due_on is not None for application in applications)
    return Moved("办件", source, target, len(applications), clocks)


def _staying(change: RoutingChange, offices: dict[int, Office]) -> list[Moved]:
    """Counts what the offices that were changed hold after the moves."""
    rows = Application.objects.filter(is_open=True, holder_office__in=change.shown)
    held: dict[int, list[bool]] = defaultdict(list)
    for office_id, due_on in rows.values_list("holder_office_id", "due_on"):
        held[office_id or 0].append(due_on is not None)
    return [Moved("办件", offices[pk].name, "", len(clocks), sum(clocks)) for pk, clocks in sorted(held.items())]
