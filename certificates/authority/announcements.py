"""Writes the public notices of endings and transfers: one per decision, with a line for each certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.timezone import localdate

from administration.enums import NoticeKind, OfficeKind
from administration.models import NoticeLine, Office
from administration.notices.services import publish_notice, withdraw_notice_lines
from certificates.enums import LegalState, Operation
from certificates.models import Certificate, CertificateEvent
from common.dates import chinese_date, midnight
from common.text.masking import mask_name
from workflow.actors import Actor

SOURCE = "certificate_event:"
BODIES = {
    NoticeKind.GRANT: "根据《中华人民共和国行政许可法》第四十条，现将准予的安全生产考核合格证书事项予以公开。",
    NoticeKind.CANCELLATION: "根据有关规定，下列安全生产考核合格证书予以注销，自公告之日起不得继续使用。",
    NoticeKind.REVOCATION: "根据有关规定，下列安全生产考核合格证书予以撤销或吊销，自公告之日起不得继续使用。",
    NoticeKind.TRANSFER: "下列安全生产考核合格证书已办理跨省调出。",
}


def announce(kind: NoticeKind, title: str, events: Sequence[CertificateEvent], *, by: Actor, now: datetime) -> None:
    """`title` contains {count}. Names are masked; digits of the ID number and the birth date are left out."""
    if events:
        _publish(kind, title, events, office_id=by.office_id, now=now)


def _publish(
    kind: NoticeKind, title: str, events: Sequence[CertificateEvent], *, office_id: int | None, now: datetime
) -> None:
    certificates = Certificate.objects.select_related("person").in_bulk({event.certificate_id for event in events})
    lines = [(source_of(event), _line(certificates[event.certificate_id], event)) for event in events]
    publish_notice(
        kind=kind,
        title=title.format(count=len(lines)),
        body=BODIES[kind],
        lines=lines,
        office_id=office_id,
        now=now,
    )


def _line(certificate: Certificate, event: CertificateEvent) -> str:
    document = f"，文号{event.document_number}" if event.document_number else ""
    name = mask_name(certificate.person.name)
    return (
        f"{certificate.number}，{name}，{certificate.enterprise_name}，{LegalState(event.state_after).label}{document}"
    )


def source_of(event: CertificateEvent) -> str:
    return f"{SOURCE}{event.pk}"


def withdraw_announcements(events: Collection[CertificateEvent], *, reason: str, now: datetime) -> None:
    withdraw_notice_lines(sources=[source_of(event) for event in events], reason=reason, now=now)


GRANTED = {
    Operation.FIRST_ISSUE: "新发",
    Operation.EXTENSION: "延续",
    Operation.CHANGE: "变更",
    Operation.TRANSFER_IN: "转入",
}
LINES_AT_MOST = 500
"""So many matters are on one notice; a page with more is slow to read on a telephone."""
LOOKED_BACK = timedelta(days=7)


def announce_grants(*, now: datetime) -> dict[str, int]:
    """Publishes what was granted on request before today, a notice for each day and operation.

    Public law asks that permissions are disclosed. Each event is announced once, so that a run may be repeated; what a
    stopped worker has missed for a week is made up.
    """
    today = midnight(localdate(now))
    office = Office.objects.filter(kind=OfficeKind.PROVINCIAL, is_active=True).order_by("pk").first()
    sets: dict[tuple[date, str], list[int]] = defaultdict(list)
    for pk, at, operation in _not_announced(today - LOOKED_BACK, today):
        sets[localdate(at), operation].append(pk)
    notices = 0
    for (day, operation), ids in sorted(sets.items()):
        title = f"{chinese_date(day)}准予{GRANTED[Operation(operation)]}{{count}}本安全生产考核合格证书的公告"
        for start in range(0, len(ids), LINES_AT_MOST):
            _publish_grants(ids[start : start + LINES_AT_MOST], title, office, now)
            notices += 1
    return {"notices": notices, "certificates": sum(map(len, sets.values()))}


def _not_announced(since: datetime, until: datetime) -> list[tuple[int, datetime, str]]:
    source = Concat(Value(SOURCE), Cast(OuterRef("pk"), CharField()))
    rows = CertificateEvent.objects.filter(
        at__gte=since, at__lt=until, operation__in=list(GRANTED), application__isnull=False
    )
    rows = rows.filter(~Exists(NoticeLine.objects.filter(source=source)))
    return list(rows.order_by("pk").values_list("pk", "at", "operation"))


@transaction.atomic
def _publish_grants(ids: Sequence[int], title: str, office: Office | None, now: datetime) -> None:
    events = list(CertificateEvent.objects.filter(pk__in=ids).order_by("pk"))
    _publish(NoticeKind.GRANT, title, events, office_id=office.pk if office else None, now=now)
