"""Reckons until when an open application is decided at the latest, if every desk to come takes its whole time."""

from __future__ import annotations

from datetime import date, timedelta

from administration.calendar.working_days import WorkingDays
from administration.parameters.book import ParameterBook
from workflow.business import business_of

from ..models import Application
from .lists import is_at_filer


def expected_end(application: Application, book: ParameterBook, days: WorkingDays, *, today: date) -> date | None:
    """Answers None while the applicant has it, and where a desk has no limit. The parties were read with it."""
    if not application.is_open or is_at_filer(application) or application.due_on is None:
        return None
    end = max(application.due_on, today)
    for step, reason_to_skip in business_of(application.kind).steps_ahead(application, application.desk):
        if reason_to_skip:
            continue
        if not step.clock:
            return None
        length = book.integer(step.clock, today)
        end = end + timedelta(days=length) if step.calendar_days else days.add(end, length)[0]
    return end
