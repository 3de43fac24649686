"""Answers which certificates past their end are still usable, and until when their extension may be filed.

The filing window, the display status, the nightly expiry, the public lookup and the QR page all use this answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from administration.calendar.working_days import WorkingDays
from administration.parameters.book import ParameterBook
from certificates.models import Certificate, CertificateItem
from workflow.business import UnknownBusiness, business_of, businesses
from workflow.enums import Status
from workflow.models import Application

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
    certificates: Sequence[Certificate], open_applications: Mapping[int, Application], *, on: date, days: WorkingDays
) -> dict[int, GracePeriod]:
    """Answers the certificates past their end; makes no query where there are none."""
    late = [one for one in certificates if one.ends_on < on]
    decided = _decided_in_grace(late, days) if late else {}
    return {one.pk: _grace_period(one, decided.get(one.pk), open_applications.get(one.pk), days) for one in late}


def _grace_period(
    certificate: Certificate, decided: tuple[date, date] | None, application: Application | None, days: WorkingDays
) -> GracePeriod:
    last_day, decided_on = last_filing_day(certificate.ends_on, days), None
    if decided is not None and decided[1] > last_day:
        decided_on, last_day = decided
    holds = application is not None and holds_expiry(application) and _filed_by(application, last_day)
    return GracePeriod(last_day, decided_on, application if holds else None)


def _decided_in_grace(late: Sequence[Certificate], days: WorkingDays) -> dict[int, tuple[date, date]]:
    """Maps a certificate to two days: the last approval of a business that held it open, and the last filing day after
    it.

    Filed in time means before the certificate's own end: an application filed in the grace period prolongs it no further.
    """
    items = CertificateItem.objects.filter(
        certificate__in=[one.pk for one in late],
        application__status=Status.APPROVED,
        application__kind__in=[business.kind for business in businesses() if business.holds_expiry],
    )
    rows = list(items.select_related("application").order_by("application__closed_at", "pk"))
    if not rows:
        return {}
    parameters, by_id = ParameterBook.load(), {one.pk: one for one in late}
    found: dict[int, tuple[date, date]] = {}
    for item in rows:
        application, certificate = item.application, by_id[item.certificate_id or 0]
        if application.closed_at is None or not _filed_by(application, last_filing_day(certificate.ends_on, days)):
            continue
        decided_on = localdate(application.closed_at)
        last_day, _ = days.add(decided_on, parameters.integer(AFTER_DECISION, decided_on))
        found[certificate.pk] = (decided_on, last_day)
    return found


def holds_expiry(application: Application) -> bool:
    try:
        return business_of(application.kind).holds_expiry
    except UnknownBusiness:
        return False


def _filed_by(application: Application, day: date) -> bool:
    return application.first_submitted_at is not None and localdate(application.first_submitted_at) <= day
