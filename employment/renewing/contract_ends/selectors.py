"""Reads whose contract ends when, and whether the end is cared for already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from common.database.name_search import person_named
from common.findings import Finding, Refused
from employment.enums import EndReason
from employment.models import Employment, EmploymentItem
from employment.proposing.proposals import token_of
from enterprises.models import Enterprise
from workflow.enums import Party
from workflow.models import Application

ENDED_DAYS = 30
"""So long the list shows employments that ended with their contract."""
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class EndRow:
    """`open_case` is the proposal or the request about this employment that is under way."""

    employment: Employment
    today: date
    open_case: Application | None = None

    @property
    def days_left(self) -> int:
        return (self.employment.contract_to - self.today).days if self.employment.contract_to else 0

    @property
    def may_be_renewed(self) -> bool:
        return self.open_case is None

    @property
    def state(self) -> str:
        if self.open_case is None:
            return "还没有续签"
        return "续签等本人确认" if self.open_case.filed_by == Party.ENTERPRISE else "本人申请解除，办理中"


def with_ends(enterprise_id: int, wanted: Mapping[str, Any], *, today: date) -> QuerySet[Employment]:
    """Answers active employments with a fixed term as the filters say; contracts that are over are among them."""
    rows = Employment.objects.active().filter(enterprise=enterprise_id, contract_to__isnull=False)
    if (within := wanted["within"]) != "all":
        rows = rows.filter(contract_to__lte=today + timedelta(days=int(within)))
    if name := wanted.get("name"):
        rows = rows.filter(person_named("person__name", name))
    if post := wanted.get("post"):
        rows = rows.filter(posts__contains=[post])
    return rows.select_related("person")


def all_ends(enterprise_id: int, wanted: Mapping[str, Any], *, today: date) -> list[Employment]:
    """Raises Refused where there are more than can be renewed at once."""
    rows = with_ends(enterprise_id, wanted, today=today).order_by("contract_to", "pk")
    found = list(rows[: MOST_AT_ONCE + 1])
    if len(found) > MOST_AT_ONCE:
        detail = "请用到期时间、姓名或职务缩小范围，分几次续签。"
        raise Refused(Finding("renewal.too_many", f"一次最多续签 {MOST_AT_ONCE} 人", detail, turn="企业"))
    return found


def end_rows(employments: Sequence[Employment], *, today: date) -> list[EndRow]:
    """Takes one query for any number of employments."""
    cases = open_cases(row.pk for row in employments)
    return [EndRow(row, today, cases.get(row.pk)) for row in employments]


def open_cases(employment_ids: Any) -> dict[int, Application]:
    """Maps an employment to the open application about it."""
    items = EmploymentItem.objects.filter(is_open=True, employment__in=list(employment_ids))
    found = items.select_related("application").order_by("pk")
    return {item.employment_id: item.application for item in found if item.employment_id is not None}


def named_ends(enterprise_id: int, ids: Collection[int]) -> list[Employment]:
    """Answers the enterprise's own active employments with a fixed term among these, the first to end first."""
    rows = Employment.objects.active().filter(enterprise=enterprise_id, pk__in=ids, contract_to__isnull=False)
    return list(rows.select_related("person").order_by("contract_to", "pk"))


@dataclass(frozen=True)
class EndedRow:
    """`token` leads to a new proposal without the ID number being typed again."""

    employment: Employment
    token: str


def ended_with_contract(enterprise: Enterprise, *, today: date, most: int = 50) -> list[EndedRow]:
    """Answers who left with the contract lately and is not employed here again, the latest first."""
    here = Employment.objects.active().filter(enterprise=enterprise).values("person_id")
    rows = Employment.objects.filter(
        enterprise=enterprise,
        end_reason=EndReason.CONTRACT_EXPIRED,
        ended_at__isnull=False,
        contract_to__gte=today - timedelta(days=ENDED_DAYS),
    ).exclude(person_id__in=here)
    found = rows.select_related("person").order_by("-contract_to", "-pk")[:most]
    return [EndedRow(row, token_of(row.person, enterprise)) for row in found]
