"""Calculates until when an entry has to be reviewed, and a returned one handed in again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.timezone import localdate, make_aware

from administration.calendar.working_days import WorkingDays
from administration.parameters.book import ParameterBook
from exams.models import ExamBatch, ExamEntry

LOOK_BACK = 120
"""No review period in working days is longer than so many days, holidays included."""


def waits_since(entry: ExamEntry) -> datetime:
    return entry.resubmitted_at or entry.entered_at


def review_by(entry: ExamEntry, calendar: WorkingDays, parameters: ParameterBook) -> date:
    """The period counts from the last submission, and ends at the latest on the day before the exam."""
    since = localdate(waits_since(entry))
    end, _ = calendar.add(since, parameters.integer("exam_review_days", since))
    return min(end, entry.batch.exam_from - timedelta(days=1))


def resubmit_until(batch: ExamBatch, parameters: ParameterBook, today: date) -> date:
    """The last day leaves the office time to look at the entry before the exam."""
    return batch.exam_from - timedelta(days=parameters.integer("exam_resubmit_days", today))


def start_of(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


def late_before(calendar: WorkingDays, parameters: ParameterBook, today: date) -> datetime:
    """Whatever waits since before this moment is overdue."""
    for back in range(LOOK_BACK):
        day = today - timedelta(days=back)
        if calendar.add(day, parameters.integer("exam_review_days", day))[0] < today:
            return start_of(day + timedelta(days=1))
    return start_of(today - timedelta(days=LOOK_BACK))
