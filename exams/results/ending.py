"""Ends first issues whose exam is not passed any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from workflow.enums import CloseReason
from workflow.models import Application
from workflow.services.acting import close_overtaken

from .telling import tell_offices

ENDED = "考试成绩已更正为不是合格，首次发证终止办理。对成绩有异议的，请向考试机构提出。"


def end_issues(issues: Mapping[int, int], now: datetime) -> None:
    """`issues` maps an entry to its open first issue. The caller holds the locks and lets go of the application."""
    if not issues:
        return
    held = Application.objects.filter(pk__in=issues.values(), holder_office__isnull=False)
    offices = Counter(held.values_list("holder_office_id", flat=True))
    close_overtaken(issues.values(), reason=CloseReason.OVERTAKEN, comment=ENDED, now=now)
    tell_offices({pk: number for pk, number in offices.items() if pk is not None}, ENDED)
