"""Writes new versions of certificates, in sets: version, event and document order in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Person
from administration.parameters.book import ParameterBook
from certificates.enums import LegalState, Operation
from certificates.facts.terms import current_terms
from certificates.models import Certificate, CertificateEvent, CertificateTerm, CertificateVersion, DocumentOrder
from certificates.state.snapshots import refresh_for_people
from common.database.set_updates import update_rows
from common.dates import chinese_date, next_term_start, term_end
from common.findings import Cure, Finding, Refused
from common.jobs import enqueue_in_groups
from common.text.certificate_number import licence_identifier
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.services.locking import lock_parties, lock_rows

JOB_SIZE = 100


@dataclass(frozen=True)
class Reissue:
    """Orders a new version of one certificate, whose fields already hold the values to be printed."""

    certificate: Certificate
    term: CertificateTerm
    operation: Operation
    valid_from: date
    kind: str = ""
    summary: str = ""
    application_id: int | None = None
    state_before: str = LegalState.VALID
    document_number: str = ""


def reissue(orders: Sequence[Reissue], *, by: Actor, now: datetime) -> list[CertificateVersion]:
    """Writes versions, trail and document orders; the worker draws and signs. The caller has locked the certificates."""
    print_present_names([order.certificate for order in orders])
    people = Person.objects.in_bulk({order.certificate.person_id for order in orders})
    versions = []
    for order in orders:
        order.certificate.latest_version += 1
        versions.append(_version(order, people[order.certificate.person_id], now))
    CertificateVersion.objects.bulk_create(versions)
    CertificateEvent.objects.bulk_create(
        _event(order, version, by, now) for order, version in zip(orders, versions, strict=True)
    )
    update_rows(
        [order.certificate for order in orders],
        ["enterprise", "enterprise_name", "post", "ends_on", "legal_state", "latest_version", "last_change_on"],
    )
    order_documents(versions)
    refresh_for_people(people.keys(), now=now)
    return versions


def _version(order: Reissue, person: Person, now: datetime) -> CertificateVersion:
    certificate = order.certificate
    return CertificateVersion(
        certificate=certificate,
        term=order.term,
        version=certificate.latest_version,
        operation=order.operation,
        application_id=order.application_id,
        identifier=licence_identifier(
            issuer_uscc=settings.ECERT_ISSUER_USCC,
            year=certificate.year,
            serial=certificate.identifier_serial,
            version=certificate.latest_version,
        ),
        name=person.name,
        sex=person.sex,
        birth_date=person.birth_date,
        enterprise_id=certificate.enterprise_id,
        enterprise_name=certificate.enterprise_name,
        post=certificate.post,
        first_issued_on=certificate.first_issued_on,
        valid_from=order.valid_from,
        valid_to=certificate.ends_on,
        issued_on=localdate(now),
        issuer_name=settings.ECERT_ISSUER_NAME,
        photo=str(person.id_photo.name or ""),
        created_at=now,
    )


def _event(order: Reissue, version: CertificateVersion, by: Actor, now: datetime) -> CertificateEvent:
    return CertificateEvent(
        certificate=order.certificate,
        at=now,
        effective_on=localdate(now),
        operation=order.operation,
        state_before=order.state_before,
        state_after=order.certificate.legal_state,
        kind=order.kind,
        summary=order.summary,
        document_number=order.document_number,
        application_id=order.application_id,
        version=version,
        actor_id=by.user_id,
    )


def order_documents(versions: Iterable[CertificateVersion]) -> None:
    ids = [version.pk for version in versions]
    DocumentOrder.objects.bulk_create(DocumentOrder(version_id=pk) for pk in ids)
    enqueue_in_groups("certificates.make_documents", "version_ids", ids, size=JOB_SIZE)


@dataclass(frozen=True)
class Extension:
    certificate_id: int
    application_id: int
    kind: str


def extend(
    orders: Sequence[Extension], *, by: Actor, now: datetime, parameters: ParameterBook
) -> list[CertificateVersion]:
    """Gives each certificate another term from the day after the old end, however late it is decided."""
    by_id = {order.certificate_id: order for order in orders}
    certificates = lock_rows(Certificate, by_id)
    years = parameters.integer("term_years", localdate(now))
    terms = []
    for certificate in certificates:
        starts = next_term_start(certificate.ends_on)
        terms.append(CertificateTerm(certificate=certificate, starts_on=starts, ends_on=term_end(starts, years)))
        certificate.ends_on = terms[-1].ends_on
    CertificateTerm.objects.bulk_create(terms)
    return reissue(
        [
            Reissue(
                certificate=certificate,
                term=term,
                operation=Operation.EXTENSION,
                valid_from=term.starts_on,
                kind=by_id[certificate.pk].kind,
                summary="证书延续",
                application_id=by_id[certificate.pk].application_id,
                state_before=certificate.legal_state,
            )
            for certificate, term in zip(certificates, terms, strict=True)
        ],
        by=by,
        now=now,
    )


@dataclass(frozen=True)
class Move:
    """Moves all certificates of one application to its enterprise."""

    certificate_id: int
    application_id: int
    kind: str
    enterprise_id: int
    post: str
    starts_cool_down: bool = True


def move(orders: Sequence[Move], *, by: Actor, now: datetime) -> list[CertificateVersion]:
    """Number and end date stay; the term starts on the day of decision."""
    today = localdate(now)
    by_id = {order.certificate_id: order for order in orders}
    certificates = lock_rows(Certificate, by_id)
    enterprises = Enterprise.objects.in_bulk({order.enterprise_id for order in orders})
    terms = current_terms(certificates)
    summaries = {}
    for certificate in certificates:
        order = by_id[certificate.pk]
        enterprise = enterprises[order.enterprise_id]
        summaries[certificate.pk] = f"由{certificate.enterprise_name}变更至{enterprise.name}"
        certificate.enterprise, certificate.enterprise_name, certificate.post = enterprise, enterprise.name, order.post
        if order.starts_cool_down:
            certificate.last_change_on = today
    return reissue(
        [
            Reissue(
                certificate=certificate,
                term=terms[certificate.pk],
                operation=Operation.CHANGE,
                valid_from=starts_on(certificate, terms[certificate.pk], today),
                kind=by_id[certificate.pk].kind,
                summary=summaries[certificate.pk],
                application_id=by_id[certificate.pk].application_id,
                state_before=certificate.legal_state,
            )
            for certificate in certificates
        ],
        by=by,
        now=now,
    )


def starts_on(certificate: Certificate, term: CertificateTerm, today: date) -> date:
    """Answers the day of decision, or the term's own start after its end, so that no term ends before it starts."""
    return today if today <= certificate.ends_on else term.starts_on


def print_present_names(certificates: Iterable[Certificate]) -> None:
    """Every new version prints the registry's name of the enterprise."""
    names = dict(
        Enterprise.objects.filter(pk__in={one.enterprise_id for one in certificates}).values_list("pk", "name")
    )
    for certificate in certificates:
        certificate.enterprise_name = names.get(certificate.enterprise_id or 0, certificate.enterprise_name)


@transaction.atomic
def issue_electronic(*, certificate_id: int, by: Actor, now: datetime) -> CertificateVersion:
    """Issues the first electronic version of an old certificate, once its person has a photo. It may be repeated."""
    read = Certificate.objects.get(pk=certificate_id)
    lock_parties(person_ids=[read.person_id], enterprise_ids=[read.enterprise_id])
    (certificate,) = lock_rows(Certificate, [certificate_id])
    if certificate.latest_version:
        return certificate.versions.get(version=certificate.latest_version)
    if not Person.objects.get(pk=certificate.person_id).has_id_photo:
        raise Refused(
            Finding(
                "person.no_id_photo",
                "未上传个人证件照",
                "没有证件照无法签发电子证书。",
                turn="本人",
                cure=Cure("上传证件照", url_name="accounts:photo"),
            )
        )
    if certificate.legal_state != LegalState.VALID or certificate.ends_on < localdate(now):
        raise Refused(
            Finding(
                "certificate.not_valid",
                "证书已不在有效状态，不能签发电子证书",
                f"有效期至{chinese_date(certificate.ends_on)}。",
            )
        )
    term = current_terms([certificate])[certificate.pk]
    order = Reissue(
        certificate, term, Operation.OTHER, term.starts_on, summary="签发电子证书", state_before=certificate.legal_state
    )
    (version,) = reissue([order], by=by, now=now)
    return version
