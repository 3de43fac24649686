"""Reads the employments that ended because the register wrongly called their enterprise dissolved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from employment.enums import EndReason
from employment.models import Employment
from enterprises.enums import EnterpriseStatus
from enterprises.models import Enterprise


@dataclass(frozen=True)
class Restorable:
    """Says of one employment why it is not restored; `why_not` is blank where it can be."""

    employment: Employment
    why_not: str


def ended_by_dissolution(enterprise_id: int) -> QuerySet[Employment]:
    """Answers what the latest dissolution of the enterprise ended and nobody has restored."""
    gone = Employment.objects.filter(enterprise=enterprise_id, end_reason=EndReason.ENTERPRISE_GONE)
    latest = gone.aggregate(at=Max("ended_at"))["at"]
    return gone.filter(ended_at=latest).select_related("person", "enterprise").order_by("pk")


def to_restore(today: date) -> QuerySet[Enterprise]:
    """Answers existing enterprises with somebody whose employment can be restored."""
    gone = Employment.objects.filter(end_reason=EndReason.ENTERPRISE_GONE)
    same = gone.filter(enterprise=OuterRef("enterprise")).order_by("-ended_at")
    elsewhere = Employment.objects.active().filter(person=OuterRef("person"))
    rows = gone.filter(
        Q(contract_to__isnull=True) | Q(contract_to__gte=today),
        ~Exists(elsewhere),
        person__died_on__isnull=True,
        ended_at=Subquery(same.values("ended_at")[:1]),
        enterprise__status=EnterpriseStatus.EXISTING,
    )
    return Enterprise.objects.filter(pk__in=rows.values("enterprise")).order_by("name", "pk")


def enterprise_by_id(pk: int) -> Enterprise:
    """Raises Http404."""
    return get_object_or_404(Enterprise, pk=pk)


def restorable(ended: Sequence[Employment], today: date) -> list[Restorable]:
    """Judges employments by one query."""
    employers = _employed_now(ended)
    return [Restorable(row, _why_not(row, employers, today)) for row in ended]


def _employed_now(rows: Iterable[Employment]) -> dict[int, str]:
    """Maps a person to the name of the present employer."""
    active = Employment.objects.active().filter(person__in=[row.person_id for row in rows])
    return dict(active.annotate(employer=F("enterprise__name")).values_list("person_id", "employer"))


def _why_not(row: Employment, employers: dict[int, str], today: date) -> str:
    if row.person.died_on is not None:
        return "此人已登记死亡，不恢复。"
    if row.person_id in employers:
        return f"此人现受聘于{employers[row.person_id]}，不恢复。"
    if row.contract_to is not None and row.contract_to < today:
        return "劳动合同已到期，不恢复；续签的，由企业重新发起聘用。"
    return ""
