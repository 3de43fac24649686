"""Corrects the result of one entry, for the form and for the outcome of an appeal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from common.findings import Finding, Refused
from common.text.said import said
from exams.models import ExamEntry
from workflow.actors import Actor

from .services import Recorded, Result, record_results


@transaction.atomic
def correct_result(
    *, result: Result, reason: str, by: Actor, found_on: date | None = None, now: datetime | None = None
) -> Recorded:
    """Writes another result with all that follows: bars are lifted and set, first issues open or end, all are told.

    `reason` is what person and enterprise read. Raises Refused with all reasons: none is given, the certificate is
    issued already, or the result is the same as before. It may run within a transaction that holds the person's lock,
    but no lock of a batch or an entry.
    """
    recorded = record_results([replace(result, reason=said(reason))], by=by, found_on=found_on, now=now)
    if findings := recorded.refused.get(result.entry_id):
        raise Refused(*findings)
    if result.entry_id in recorded.known:
        words = ExamEntry.objects.get(pk=result.entry_id).get_state_display()
        raise Refused(Finding("exam.same_result", f"已登记的就是这个结果：{words}", "没有可以更正的内容。"))
    return recorded
