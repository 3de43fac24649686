"""Makes candidate numbers (准考证号): the year of the exam, the batch, and five digits that count within the batch."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max
from django.db.models.functions import Right

from common.findings import Finding, Refused
from exams.models import ExamBatch, ExamEntry, ExamSeat

DIGITS = 5
MOST = 10**DIGITS - 1


def number_for(batch: ExamBatch, serial: int) -> str:
    """Year and count have fixed lengths, so that numbers of two batches never agree, whatever the batch's length."""
    return f"{batch.exam_from.year}{batch.pk:04d}{serial:0{DIGITS}d}"


def numbers_for(batch: ExamBatch, entries: Sequence[ExamEntry]) -> dict[int, str]:
    """Maps entries to their numbers, in this order; whoever had one keeps it. The caller has locked the batch."""
    seats = ExamSeat.objects.filter(entry__batch=batch)
    last = seats.aggregate(last=Max(Right("candidate_number", DIGITS)))["last"]
    kept = seats.filter(entry__in=[entry.pk for entry in entries]).order_by("pk")
    found = dict(kept.values_list("entry_id", "candidate_number"))
    serial = int(last or 0)
    for entry in entries:
        if entry.pk not in found:
            serial += 1
            found[entry.pk] = number_for(batch, serial)
    if serial > MOST:
        detail = f"一个批次最多编 {MOST} 个准考证号。"
        raise Refused(Finding("exam.numbers", "准考证号已经用完", detail, turn="考试机构"))
    return found
