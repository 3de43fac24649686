"""Tries the cases again that could not move."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.enums import RouteDesk
from administration.messages.services import send
from administration.offices.selectors import Routing
from administration.parameters.book import ParameterBook
from common.database.set_updates import update_rows
from workflow.actors import SYSTEM
from workflow.enums import Desk
from workflow.models import Application

from .deadlines import apply_deadlines_to
from .locking import lock_applications_as_they_are
from .stuck import FAILURE
from .transitions import Transitions, no_office_sentence


def retry_stuck(*, now: datetime | None = None) -> dict[str, int]:
    """Moves what a deadline moves; the holder of the others is told once that the reason is gone. Answers the counts."""
    now = now or utc_now()
    waiting = Application.objects.filter(is_open=True).exclude(stuck="")
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    before = len(ids)
    apply_deadlines_to(ids, now=now)
    moved = before - waiting.filter(pk__in=ids).count()
    told = _free(list(waiting.filter(pk__in=ids).values_list("pk", flat=True)), now)
    return {"moved": moved, "told": told, "left": before - moved - told}


@transaction.atomic
def _free(ids: list[int], now: datetime) -> int:
    transitions, routing = Transitions(SYSTEM, now, ParameterBook.load()), Routing()
    freed = [
        one
        for one in lock_applications_as_they_are(ids)
        if one.is_open and one.stuck and not _still_stuck(one, routing)
    ]
    for application in freed:
        application.stuck = ""
        transitions.tell_holder(application, "可以继续办理", "原来没有办理部门，现在已有。请再办一次。")
    update_rows(freed, ["stuck"])
    send(transitions.outgoing)
    return len(freed)


def _still_stuck(application: Application, routing: Routing) -> bool:
    if FAILURE.message in application.stuck:
        return True
    region = application.region
    missing = [desk for desk in RouteDesk if routing.office(region.pk, desk) is None]
    return any(no_office_sentence(region, Desk(desk)) in application.stuck for desk in missing)
