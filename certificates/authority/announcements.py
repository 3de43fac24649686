"""Writes the public notices of endings and transfers: one per decision, with a line for each certificate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from administration.enums import NoticeKind
from administration.notices.services import publish_notice, withdraw_notice_lines
from certificates.enums import LegalState
from certificates.models import Certificate, CertificateEvent
from common.text.masking import mask_name
from workflow.actors import Actor

BODIES = {
    NoticeKind.CANCELLATION: "根据有关规定，下列安全生产考核合格证书予以注销，自公告之日起不得继续使用。",
    NoticeKind.REVOCATION: "根据有关规定，下列安全生产考核合格证书予以撤销或吊销，自公告之日起不得继续使用。",
    NoticeKind.TRANSFER: "下列安全生产考核合格证书已办理跨省调出。",
}


def announce(kind: NoticeKind, title: str, events: Sequence[CertificateEvent], *, by: Actor, now: datetime) -> None:
    """`title` contains {count}. Names are masked; digits of the ID number and the birth date are left out."""
    if not events:
        return
    certificates = Certificate.objects.select_related("person").in_bulk({event.certificate_id for event in events})
    lines = [(source_of(event), _line(certificates[event.certificate_id], event)) for event in events]
    publish_notice(
        kind=kind,
        title=title.format(count=len(lines)),
        body=BODIES[kind],
        lines=lines,
        office_id=by.office_id,
        now=now,
    )


def _line(certificate: Certificate, event: CertificateEvent) -> str:
    document = f"，文号{event.document_number}" if event.document_number else ""
    name = mask_name(certificate.person.name)
    return (
        f"{certificate.number}，{name}，{certificate.enterprise_name}，{LegalState(event.state_after).label}{document}"
    )


def source_of(event: CertificateEvent) -> str:
    return f"certificate_event:{event.pk}"


def withdraw_announcements(events: Collection[CertificateEvent], *, now: datetime) -> None:
    withdraw_notice_lines([source_of(event) for event in events], now=now)
