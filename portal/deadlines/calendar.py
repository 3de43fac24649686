"""Writes deadlines of an enterprise as a calendar file and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from common.dates import chinese_date
from common.tabular.problem_file import write_guarded_workbook
from common.text.icalendar import CalendarEvent
from workflow.actors import Actor
from workflow.services.auditing import audit_list_taken

from .items import Deadline, together

TITLES = ("日期", "事项", "内容", "说明", "怎么办")
WIDTHS = (18, 16, 50, 60, 16)
WEEK_BEFORE = timedelta(days=7)


def events_of(deadlines: Sequence[Deadline]) -> list[CalendarEvent]:
    """Alike rows of a day are one event; its link leads to the page, which has the cures."""
    host = settings.PUBLIC_BASE_URL.partition("://")[2].partition("/")[0]
    address = f"{settings.PUBLIC_BASE_URL}{reverse('deadlines:page')}"
    return [
        CalendarEvent(
            uid=f"{one.key}@{host}",
            title=f"{one.label}：{one.words}",
            starts=one.day,
            ends=one.day,
            text="。".join(filter(None, [one.detail, "、".join(one.persons)])),
            url=address,
            remind_before=WEEK_BEFORE if one.cure else None,
        )
        for one in together(deadlines)
    ]


@transaction.atomic
def write_deadlines(deadlines: Sequence[Deadline], *, by: Actor) -> bytes:
    """Every person has a row of one's own. Who took the list is audited."""
    rows = [
        (chinese_date(one.day), one.label, one.words, one.detail, one.cure.label if one.cure else "")
        for one in sorted(deadlines, key=lambda one: (one.day, one.kind, one.who))
    ]
    audit_list_taken("deadlines.export", by, count=len(rows))
    return write_guarded_workbook([TITLES, *rows], name="到期日历", widths=WIDTHS)
