"""Creates certificates, in sets: for first issue, late entry, transfer in, merge and additional A."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from certificates.enums import Category, LegacyState, LegalState, Operation, Origin
from certificates.models import Certificate, CertificateTerm, CertificateVersion, LegacyCertificate
from common.database.set_updates import update_rows
from common.dates import term_end
from common.text.certificate_number import CertificateNumber
from enterprises.enums import Post
from enterprises.models import Enterprise
from workflow.actors import Actor

from .numbers import allocate_serials, identifier_serials, lock_counters
from .versions import Reissue, reissue


@dataclass(frozen=True)
class NewCertificate:
    """Orders a certificate. Without `number` the next one of the year of decision is drawn.

    `enterprise_name` is printed where the enterprise is not in the register.
    """

    person_id: int
    category: str
    post: str
    origin: Origin
    operation: Operation
    kind: str
    application_id: int | None
    enterprise_id: int | None
    enterprise_name: str = ""
    number: CertificateNumber | None = None
    first_issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    additional_to_id: int | None = None
    summary: str = ""


def additional_to(
    base: Certificate, *, enterprise_id: int | None, kind: str, application_id: int | None
) -> NewCertificate:
    """A further A certificate of a legal representative, which ends with the first."""
    return NewCertificate(
        person_id=base.person_id,
        category=Category.A,
        post=Post.LEGAL_REPRESENTATIVE,
        origin=Origin.ADDITIONAL,
        operation=Operation.FIRST_ISSUE,
        kind=kind,
        application_id=application_id,
        enterprise_id=enterprise_id,
        valid_to=base.ends_on,
        additional_to_id=base.pk,
        summary=f"依附于{base.number}增发",
    )


def create_certificates(orders: Sequence[NewCertificate], *, by: Actor, now: datetime) -> list[CertificateVersion]:
    """Writes certificate, term, version, trail and document order of each. The caller has locked persons and
    enterprises.

    Numbers are drawn under the counter's lock, the last one in the order; certificates made here need no lock.
    """
    today = localdate(now)
    names = dict(Enterprise.objects.filter(pk__in={order.enterprise_id for order in orders}).values_list("pk", "name"))
    certificates = [
        _certificate(order, number, serial, names, today)
        for order, (number, serial) in zip(orders, _numbers(orders, today.year), strict=True)
    ]
    Certificate.objects.bulk_create(certificates)
    terms = [
        # Today lies after the end on a holiday on which the extension may still be filed.
        CertificateTerm(
            certificate=certificate,
            starts_on=min(order.valid_from or today, certificate.ends_on),
            ends_on=certificate.ends_on,
        )
        for order, certificate in zip(orders, certificates, strict=True)
    ]
    CertificateTerm.objects.bulk_create(terms)
    return reissue(
        [
            Reissue(
                certificate=certificate,
                term=term,
                operation=order.operation,
                valid_from=term.starts_on,
                kind=order.kind,
                summary=order.summary,
                application_id=order.application_id,
                state_before="",
            )
            for order, certificate, term in zip(orders, certificates, terms, strict=True)
        ],
        by=by,
        now=now,
    )


def _numbers(orders: Sequence[NewCertificate], year: int) -> list[tuple[CertificateNumber, int]]:
    """Answers number and identifier serial of each order, in order."""
    known: dict[int, list[int]] = defaultdict(list)
    for order in orders:
        if order.number is not None:
            known[order.number.year].append(order.number.serial)
    lock_counters([*known, year])
    own = {year_of: identifier_serials(year_of, serials) for year_of, serials in sorted(known.items())}
    fresh = iter(allocate_serials(year, sum(order.number is None for order in orders)))
    answer = []
    for order in orders:
        if order.number is None:
            serial = next(fresh)
            answer.append((CertificateNumber(category=order.category, year=year, serial=serial), serial))
        else:
            answer.append((order.number, own[order.number.year][order.number.serial].pop(0)))
    return answer


def _certificate(
    order: NewCertificate, number: CertificateNumber, identifier_serial: int, names: dict[int, str], today: date
) -> Certificate:
    starts = order.valid_from or today
    return Certificate(
        number=str(number),
        category=order.category,
        year=number.year,
        serial=number.serial,
        identifier_serial=identifier_serial,
        person_id=order.person_id,
        enterprise_id=order.enterprise_id,
        enterprise_name=names.get(order.enterprise_id or 0) or order.enterprise_name,
        post=order.post,
        first_issued_on=order.first_issued_on or today,
        ends_on=order.valid_to or term_end(starts),
        legal_state=LegalState.VALID,
        origin=order.origin,
        additional_to_id=order.additional_to_id,
    )


def settle_legacy(numbers: Mapping[str, int]) -> None:
    """Settles old records of these numbers that were never matched; quarantined ones stay for a clerk.

    `numbers` maps a number to its certificate.
    """
    records = list(LegacyCertificate.objects.filter(number__in=numbers, state=LegacyState.UNMATCHED))
    for record in records:
        record.state, record.certificate_id = LegacyState.MATCHED, numbers[record.number]
    update_rows(records, ["state", "certificate"])
