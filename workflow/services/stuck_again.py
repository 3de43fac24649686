"""Tries the cases again that could not move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.enums import RouteDesk
from administration.messages.services import send
from administration.offices.selectors import Routing
from administration.parameters.book import ParameterBook
from common.database.set_updates import update_rows
from workflow.actors import SYSTEM
from workflow.models import Application

from .deadlines import apply_deadlines_to
from .locking import know_holders, lock_applications_as_they_are
from .stuck import FAILED, NO_OFFICE
from .transitions import Transitions

CHUNK = 100
RETRY_STUCK = "retry_stuck"
"""Names the nightly job."""


def retry_stuck(*, now: datetime | None = None) -> dict[str, int]:
    """Moves what a deadline moves; the holder of the others is told once that the reason is gone. Answers the counts."""
    now = now or utc_now()
    waiting = Application.objects.filter(is_open=True).exclude(stuck="")
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    before = len(ids)
    apply_deadlines_to(ids, now=now)
    left = list(waiting.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    moved = before - len(left)
    told = sum(_free(left[start : start + CHUNK], now) for start in range(0, before - moved, CHUNK))
    return {"moved": moved, "told": told, "left": before - moved - told}


@transaction.atomic
def _free(ids: Sequence[int], now: datetime) -> int:
    transitions, routing = Transitions(SYSTEM, now, ParameterBook.load()), Routing()
    freed = [
        one
        for one in lock_applications_as_they_are(ids)
        if one.is_open and one.stuck and not _still_stuck(one, routing)
    ]
    know_holders(freed)
    for application in freed:
        application.stuck, application.stuck_codes = "", []
        transitions.tell_holder(application, "可以继续办理", "原来没有办理部门，现在已有。请再办一次。")
    update_rows(freed, ["stuck", "stuck_codes"])
    send(transitions.outgoing)
    return len(freed)


def _still_stuck(application: Application, routing: Routing) -> bool:
    missing = {NO_OFFICE[desk] for desk in RouteDesk if routing.office(application.region_id, desk) is None}
    return bool((missing | {FAILED}) & set(application.stuck_codes))
