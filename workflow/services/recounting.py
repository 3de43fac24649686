"""Counts the clocks of open cases again after the calendar of working days has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.calendar.signals import MovedClocks
from administration.calendar.working_days import load_working_days
from administration.messages.services import OutgoingMessage
from administration.models import Office
from administration.parameters.book import ParameterBook
from common.dates import chinese_date
from workflow.actors import SYSTEM
from workflow.enums import Action
from workflow.models import Application

from .locking import lock_applications_as_they_are
from .transitions import Transitions

CHUNK = 200


def clocks_to_move() -> list[int]:
    """Answers the ids of open cases whose clock ends on another day by the present calendar; one query."""
    return [pk for pk, _, _ in _ends()]


def moves_by_day() -> list[MovedClocks]:
    """Counts them by the day before and after; those whose day only becomes certain do not count. One query."""
    counts = Counter((before, after) for _, before, after in _ends() if before is not None and before != after)
    return [MovedClocks(before, after, count) for (before, after), count in sorted(counts.items())]


def _ends() -> list[tuple[int, date | None, date]]:
    """Answers cases with their day and the day of the present calendar, where the two or their certainty differ."""
    days = load_working_days()
    rows = Application.objects.filter(is_open=True, clock_days__isnull=False, clock_from__isnull=False).order_by("pk")
    kept = rows.values_list("pk", "clock_from", "clock_days", "due_on", "due_is_provisional")
    # Many cases share a start and a length.
    ends = {(start, length): days.add(start, length) for _, start, length, _, _ in kept if start and length is not None}
    return [
        (pk, due, ends[start, length or 0][0])
        for pk, start, length, due, unsure in kept
        if start and ends[start, length or 0] != (due, unsure)
    ]


def recount_clocks(*, now: datetime | None = None) -> dict[str, int]:
    """Moves them, in sets. Those whose day is the same and only certain now get no event."""
    ids, moved = clocks_to_move(), 0
    for start in range(0, len(ids), CHUNK):
        moved += _recount(ids[start : start + CHUNK], now or utc_now())
    return {"moved": moved}


@transaction.atomic
def _recount(ids: Sequence[int], now: datetime) -> int:
    days, transitions = load_working_days(), Transitions(SYSTEM, now, ParameterBook.load())
    changed, moved = [], []
    for application in lock_applications_as_they_are(ids):
        start, length, before = application.clock_from, application.clock_days, application.due_on
        if not application.is_open or start is None or length is None or before is None:
            continue
        application.due_on, application.due_is_provisional = days.add(start, length)
        changed.append(application)
        if application.due_on != before:
            words = f"工作日历有变化，办理期限由{chinese_date(before)}改为{chinese_date(application.due_on)}。"
            transitions.record(application, Action.RECOUNT, desk=application.desk, comment=words)
            moved.append(application)
            if application.holder_office_id is None:
                transitions.tell_holder(application, "办理期限调整", words)
    transitions.outgoing += _summaries(moved)
    transitions.write(changed)
    return len(moved)


def _summaries(applications: Sequence[Application]) -> list[OutgoingMessage]:
    """An office reads one message for all of its cases."""
    counts = Counter(one.holder_office_id for one in applications if one.holder_office_id is not None)
    boxes = Office.objects.in_bulk(counts) if counts else {}
    text = "工作日历有变化，期限按新的工作日重算，各件的办理记录写明原期限和新期限。"
    return [
        OutgoingMessage(boxes[pk].mailbox_id, f"{count} 件待办的办理期限已调整", text, "/office/", event="office_work")
        for pk, count in sorted(counts.items())
    ]
