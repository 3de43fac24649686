"""Declares how certificates, old records and declarations follow when two records of one person are merged, and end with a death."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.deaths.steps import DEATH_STEPS, DeathStep
from accounts.merging.parts import CONFLICTS, declare_part
from accounts.models import Person
from common.findings import Finding, Level

from .authority.death import cancel_in_force, enterprises_in_force, name_in_force, overturn_cancelled
from .enums import IN_FORCE_STATES, LegalState
from .models import Certificate, CertificateEvent, CertificateItem, LegacyCertificate, OutOfProvinceCertificate


def _certificate(row: Certificate) -> str:
    return f"{row.number}，{LegalState(row.legal_state).label}，{row.enterprise_name}"


def _legacy(row: LegacyCertificate) -> str:
    return f"{row.number or '无编号'}，{row.get_state_display()}"


def _declared(row: OutOfProvinceCertificate) -> str:
    return f"{row.province} {row.number}"


def _decided_since(ids: Collection[int], since: datetime) -> dict[int, str]:
    """A decision on a certificate, or an application about it, came after the merge."""
    events = CertificateEvent.objects.filter(certificate__in=ids, at__gt=since).order_by("pk")
    items = CertificateItem.objects.filter(certificate__in=ids, application__first_submitted_at__gt=since)
    numbers = dict(events.values_list("certificate_id", "certificate__number"))
    numbers |= dict(items.order_by("pk").values_list("certificate_id", "certificate__number"))
    return {pk: f"{number} 合并后又有申请或决定" for pk, number in numbers.items()}


def _matched_since(ids: Collection[int], since: datetime) -> dict[int, str]:
    rows = LegacyCertificate.objects.filter(pk__in=ids, certificate__created_at__gt=since).order_by("pk")
    return {row.pk: f"{row.number} 合并后才匹配成证书" for row in rows}


def _same_category(kept: Person, gone: Person) -> list[Finding]:
    """Inherited data may break the holding rules lawfully: both certificates stay and are shown as 异常."""
    rows = Certificate.objects.filter(person__in=[kept, gone], legal_state__in=IN_FORCE_STATES).order_by("pk")
    by_category: dict[str, list[Certificate]] = {}
    for row in rows:
        by_category.setdefault(row.category, []).append(row)
    return [
        Finding(
            "merge.same_category",
            f"两份登记各有一本有效的{category}证",
            f"{'、'.join(row.number for row in same)}。合并后两本都保留，按持证规则核对，不符合的显示为异常，"
            "由本人注销多余的一本，或由省厅处理。",
            Level.ADVISORY,
            turn="本人",
        )
        for category, same in by_category.items()
        if len({row.person_id for row in same}) > 1
    ]


declare_part("certificates.Certificate.person", "证书", order=40, name=_certificate, built_on=_decided_since)
declare_part(
    "certificates.LegacyCertificate.id_number_index", "历史证书数据", order=45, name=_legacy, built_on=_matched_since
)
declare_part("certificates.OutOfProvinceCertificate.id_number_index", "外省证书登记", order=46, name=_declared)
declare_part(
    "certificates.OutOfProvinceCertificate.declared_by",
    "本人申报的外省证书",
    order=47,
    name=_declared,
    twins=("number",),
    twins_where={"settled_at__isnull": True},
)
CONFLICTS.register("certificates.same_category", _same_category)
DEATH_STEPS.register(
    "certificates",
    DeathStep(name_in_force, cancel_in_force, overturn_cancelled, enterprises_in_force),
    order=40,
)
