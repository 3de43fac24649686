"""Writes the corrections of certificates: fields, term, number and category, and the version that prints them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from certificates.enums import Operation
from certificates.facts.terms import current_terms
from certificates.models import Certificate, CertificateTerm, CertificateVersion, FormerNumber
from common.database.set_updates import update_rows
from common.text.certificate_number import CertificateNumber
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.services.locking import lock_rows

from .numbers import identifier_serials, lock_counters
from .versions import Reissue, reissue, starts_on


@dataclass(frozen=True)
class Correct:
    """Orders a correction; empty values keep the present ones.

    With `enterprise_id` the certificate moves to this enterprise, which counts as a change and starts its cool-down.
    A corrected `starts_on` is printed; without one the new version begins on the day of decision.
    """

    certificate_id: int
    application_id: int | None
    kind: str
    number: CertificateNumber | None = None
    category: str = ""
    post: str = ""
    first_issued_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    enterprise_id: int | None = None
    summary: str = "证书纠错"


def correct(orders: Sequence[Correct], *, by: Actor, now: datetime) -> list[CertificateVersion]:
    """The name is the ID card's. A wrong term is reversed and replaced, never edited."""
    by_id = {order.certificate_id: order for order in orders}
    certificates = lock_rows(Certificate, by_id)
    names = dict(Enterprise.objects.filter(pk__in={order.enterprise_id for order in orders}).values_list("pk", "name"))
    terms = current_terms(certificates)
    for certificate in certificates:
        order = by_id[certificate.pk]
        certificate.post = order.post or certificate.post
        if order.enterprise_id is not None:
            certificate.enterprise_id, certificate.enterprise_name = order.enterprise_id, names[order.enterprise_id]
            certificate.last_change_on = localdate(now)
    _correct_dates(certificates, by_id, terms, now)
    _correct_numbers(certificates, by_id, now)
    return reissue(
        [_reissue(certificate, by_id[certificate.pk], terms[certificate.pk], now) for certificate in certificates],
        by=by,
        now=now,
    )


def _reissue(certificate: Certificate, order: Correct, term: CertificateTerm, now: datetime) -> Reissue:
    return Reissue(
        certificate=certificate,
        term=term,
        operation=Operation.CHANGE,
        valid_from=order.starts_on or starts_on(certificate, term, localdate(now)),
        kind=order.kind,
        summary=order.summary,
        application_id=order.application_id,
        state_before=certificate.legal_state,
    )


def _correct_dates(
    certificates: Sequence[Certificate], by_id: Mapping[int, Correct], terms: dict[int, CertificateTerm], now: datetime
) -> None:
    replaced, added = [], []
    for certificate in certificates:
        order, wrong = by_id[certificate.pk], terms[certificate.pk]
        certificate.first_issued_on = order.first_issued_on or certificate.first_issued_on
        starts, ends = order.starts_on or wrong.starts_on, order.ends_on or certificate.ends_on
        if (starts, ends) != (wrong.starts_on, certificate.ends_on):
            wrong.reversed_at = now
            replaced.append(wrong)
            right = CertificateTerm(certificate=certificate, starts_on=starts, ends_on=ends)
            added.append(right)
            certificate.ends_on = ends
            terms[certificate.pk] = right
    update_rows(replaced, ["reversed_at"])
    CertificateTerm.objects.bulk_create(added)
    update_rows(certificates, ["first_issued_on"])


def _correct_numbers(certificates: Sequence[Certificate], by_id: Mapping[int, Correct], now: datetime) -> None:
    """Keeps the number and category that earlier versions print. Counters are the last locks in the order."""
    changed = [one for one in certificates if by_id[one.pk].number or by_id[one.pk].category]
    if not changed:
        return
    lock_counters({number.year for one in changed if (number := by_id[one.pk].number)})
    former = []
    for certificate in changed:
        order = by_id[certificate.pk]
        former.append(
            FormerNumber(
                certificate=certificate,
                number=certificate.number,
                category=certificate.category,
                year=certificate.year,
                identifier_serial=certificate.identifier_serial,
                through_version=certificate.latest_version,
                corrected_at=now,
            )
        )
        certificate.category = order.category or certificate.category
        if order.number is not None:
            _renumber(certificate, order.number)
    FormerNumber.objects.bulk_create(former)
    update_rows(changed, ["number", "category", "year", "serial", "identifier_serial", "post"])


def _renumber(certificate: Certificate, number: CertificateNumber) -> None:
    """The identifier names the year, so another year needs another serial in it; within a year it stays."""
    if number.year != certificate.year:
        certificate.identifier_serial = identifier_serials(number.year, [number.serial])[number.serial][0]
    certificate.number, certificate.year, certificate.serial = str(number), number.year, number.serial
