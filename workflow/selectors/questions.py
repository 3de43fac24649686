"""Finds the desk that may be asked about a case, and the question that waits for an answer."""

from __future__ import annotations

from ..business import business_of
from ..enums import OFFICE_DESKS, Action
from ..models import Application, Event
from .events import last_approvals


def desk_before(application: Application) -> Event | None:
    """Answers the last approval at the nearest desk of an office before the present one; None where there is none."""
    before = business_of(application.kind).steps_before(application, application.desk)
    desks = [step.desk for step in before if step.desk in OFFICE_DESKS]
    passed = last_approvals(application, desks)
    return next((passed[desk] for desk in reversed(desks) if desk in passed), None)


def open_question(application: Application) -> Event | None:
    """Answers the event of the question while the desk before has to answer it."""
    if not application.asked_from:
        return None
    return Event.objects.filter(application=application, action=Action.ASK).order_by("-pk").first()
