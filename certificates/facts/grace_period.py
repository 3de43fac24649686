"""Answers which certificates past their end are still usable, and until when their extension may be filed.

The filing window, the display status, the nightly expiry, the public lookup and the QR page all use this answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from administration.calendar.working_days import WorkingDays, load_working_days
from administration.parameters.book import ParameterBook
from certificates.models import Certificate
from workflow.business import UnknownBusiness, business_of
from workflow.models import Application

from .reading import Decided

AFTER_DECISION = "extension_after_decision_days"


@dataclass(frozen=True)
class GracePeriod:
    """Describes a certificate past its end: `last_day` is the last day on which the extension may be filed.

    `last_day` counts from `decided_on`, when a change that was filed in time was decided, or from the end itself where
    that is None. `application` was filed in time and is still open.
    """

    last_day: date
    decided_on: date | None = None
    application: Application | None = None

    def is_open(self, on: date) -> bool:
        return self.application is not None or on <= self.last_day


def last_filing_day(ends_on: date, days: WorkingDays) -> date:
    """Answers the end date, or on a holiday the next working day."""
    return days.next_workday(ends_on)


def grace_periods_of(
    certificates: Sequence[Certificate],
    open_applications: Mapping[int, Application],
    decided: Sequence[Decided],
    *,
    on: date,
) -> dict[int, GracePeriod]:
    """Answers the certificates past their end. `decided` are in the order of their decisions."""
    late = {one.pk: one for one in certificates if one.ends_on < on}
    if not late:
        return {}
    days = load_working_days()
    prolonged = _prolonged(late, decided, days)
    return {pk: _grace_period(one, prolonged.get(pk), open_applications.get(pk), days) for pk, one in late.items()}


def _grace_period(
    certificate: Certificate, prolonged: tuple[date, date] | None, application: Application | None, days: WorkingDays
) -> GracePeriod:
    last_day, decided_on = last_filing_day(certificate.ends_on, days), None
    if prolonged is not None and prolonged[1] > last_day:
        decided_on, last_day = prolonged
    holds = application is not None and holds_expiry(application) and _filed_by(application, last_day)
    return GracePeriod(last_day, decided_on, application if holds else None)


def _prolonged(
    late: Mapping[int, Certificate], decided: Sequence[Decided], days: WorkingDays
) -> dict[int, tuple[date, date]]:
    """Maps a certificate to two days: the last approval of a business that held it open, and the last filing day after
    it.

    Filed in time means before the certificate's own end: an application filed in the grace period prolongs it no further.
    """
    if not decided:
        return {}
    parameters = ParameterBook.load()
    found: dict[int, tuple[date, date]] = {}
    for one in decided:
        if localdate(one.submitted_at) > last_filing_day(late[one.certificate_id].ends_on, days):
            continue
        decided_on = localdate(one.closed_at)
        last_day, _ = days.add(decided_on, parameters.integer(AFTER_DECISION, decided_on))
        found[one.certificate_id] = (decided_on, last_day)
    return found


def holds_expiry(application: Application) -> bool:
    try:
        return business_of(application.kind).holds_expiry
    except UnknownBusiness:
        return False


def _filed_by(application: Application, day: date) -> bool:
    return application.first_submitted_at is not None and localdate(application.first_submitted_at) <= day
