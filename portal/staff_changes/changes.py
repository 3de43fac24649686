"""Reads what has changed lately at an enterprise: who came and left, what became of certificates, which cases have ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from certificates.models import Certificate, CertificateEvent
from common.dates import chinese_date
from common.findings import Cure
from common.text.masking import mask_name
from employment.models import Employment
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.business import business_of
from workflow.models import Application
from workflow.permissions import visible_to_enterprise

DAYS = 30
MOST = 1000
"""So many of the latest are read of each sort."""


class Kind(StrEnum):
    JOINED = "joined"
    LEFT = "left"
    CERTIFICATE = "certificate"
    CASE = "case"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.JOINED: "新聘用",
    Kind.LEFT: "解除聘用",
    Kind.CERTIFICATE: "证书变化",
    Kind.CASE: "办件结果",
}
_TONES = {Kind.JOINED: "good", Kind.LEFT: "warn", Kind.CERTIFICATE: "info", Kind.CASE: "info"}


@dataclass(frozen=True)
class Change:
    """Is one thing that happened; `who` is the person's name, empty where the enterprise itself is concerned."""

    at: datetime
    kind: Kind
    who: str
    what: str
    cure: Cure | None = None

    @property
    def tone(self) -> str:
        return _TONES[self.kind]


def changes_of(enterprise: Enterprise, actor: Actor, *, now: datetime) -> list[Change]:
    """Answers the latest first. The number of queries is the same for one employee and for thousands."""
    since = now - timedelta(days=DAYS)
    found = [
        *_joined(enterprise, since),
        *_left(enterprise, since),
        *_certificates(enterprise, since),
        *_cases(enterprise, actor, since),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _joined(enterprise: Enterprise, since: datetime) -> Iterable[Change]:
    rows = Employment.objects.filter(enterprise=enterprise, started_at__gte=since).order_by("-started_at", "-id")
    for one in rows.prefetch_related("person")[:MOST]:
        until = f"至{chinese_date(one.contract_to)}" if one.contract_to else "，无固定期限"
        contract = f"合同期{chinese_date(one.contract_from)}{until}"
        yield Change(one.started_at, Kind.JOINED, one.person.name, f"{one.post_labels}，{contract}")


def _left(enterprise: Enterprise, since: datetime) -> Iterable[Change]:
    rows = Employment.objects.filter(enterprise=enterprise, ended_at__gte=since).order_by("-ended_at", "-id")
    for one in rows.prefetch_related("person")[:MOST]:
        if one.ended_at is not None:
            yield Change(one.ended_at, Kind.LEFT, one.person.name, one.get_end_reason_display())


def _certificates(enterprise: Enterprise, since: datetime) -> Iterable[Change]:
    """Reads the trail of certificates that are the enterprise's now; one that was moved away shows by its case."""
    own = list(Certificate.objects.filter(enterprise=enterprise).order_by().values_list("pk", flat=True))
    rows = CertificateEvent.objects.filter(certificate__in=own, at__gte=since).order_by("-at", "-id")
    for one in rows.prefetch_related("certificate__person")[:MOST]:
        words = f"{one.certificate.number}：{one.get_operation_display()}"
        yield Change(one.at, Kind.CERTIFICATE, one.certificate.person.name, words)


def _cases(enterprise: Enterprise, actor: Actor, since: datetime) -> Iterable[Change]:
    """Asks each of the two columns in which an enterprise is a party, because each has its index.

    Whoever never worked here is shown as on the list of proposals: masked.
    """
    read: dict[int, Application] = {}
    for branch in visible_to_enterprise(actor):
        rows = Application.objects.filter(branch, closed_at__gte=since).order_by("-closed_at", "-id")
        read |= {one.pk: one for one in rows.prefetch_related("person")[:MOST]}
    people = {one.person_id for one in read.values() if one.person_id}
    worked = Employment.objects.filter(enterprise=enterprise, person__in=people).order_by()
    known = set(worked.values_list("person", flat=True))
    for one in read.values():
        if one.closed_at is None:
            continue
        name = one.person.name if one.person else ""
        words = f"{business_of(one.kind).title} {one.number}：{one.get_status_display()}"
        link = Cure("查看办件", url_name="workflow:detail", kwargs={"number": one.number})
        shown = name if one.person_id in known else mask_name(name)
        yield Change(one.closed_at, Kind.CASE, shown, words, link)
