"""Finds the desk that may be asked about a case, and the question that waits for an answer."""

from __future__ import annotations

from ..business import business_of
from ..enums import OFFICE_DESKS, Action
from ..models import Application, Event


def desk_before(application: Application) -> Event | None:
    """Answers the last approval at the nearest desk of an office before the present one; None where there is none."""
    steps = business_of(application.kind).steps_of(application)
    earlier: list[str] = []
    for step in steps:
        if step.desk == application.desk:
            break
        if step.desk in OFFICE_DESKS:
            earlier.append(step.desk)
    approvals = Event.objects.filter(application=application, action=Action.APPROVE, desk__in=earlier)
    passed = {event.desk: event for event in approvals.order_by("pk")}
    return next((passed[desk] for desk in reversed(earlier) if desk in passed), None)


def open_question(application: Application) -> Event | None:
    """Answers the event of the question while the desk before has to answer it."""
    if not application.asked_from:
        return None
    return Event.objects.filter(application=application, action=Action.ASK).order_by("-pk").first()
