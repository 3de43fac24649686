"""聘用关系发起: carries the person found by ID number from page to page without the number, and makes the case to be filed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core import signing
from django.utils.timezone import localdate

from accounts.models import Person
from common.findings import Cure, Finding, blocking
from employment.proposing.selectors import proposals_of
from enterprises.models import Enterprise
from workflow.business import Business, business_of
from workflow.checks import Case, Facts, evaluate

_SALT = "employment.proposal"
VALID_FOR = 8 * 3600
"""The unit is seconds; the time is that of a session, so that a form kept over an expired login can still be sent."""


def business() -> Business:
    """A room above this one declares the business, so it is looked up by its name."""
    return business_of("employment_start")


def token_of(person: Person, enterprise: Enterprise) -> str:
    """The token stands in the address instead of the ID number and is valid for this enterprise and this day only."""
    return signing.dumps([person.pk, enterprise.pk], salt=_SALT)


def person_of(token: str, enterprise: Enterprise) -> Person | None:
    try:
        person_id, enterprise_id = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    return Person.objects.filter(pk=person_id).first() if enterprise_id == enterprise.pk else None


def new_case(
    proposed: Business,
    *,
    person_id: int,
    enterprise_id: int,
    region_id: str,
    payload: dict[str, object],
    today: date,
) -> Case:
    """The claim of the case allows one open proposal per person and enterprise."""
    return Case(
        business=proposed,
        filing_day=today,
        on=today,
        person_id=person_id,
        enterprise_id=enterprise_id,
        region_id=region_id,
        claims=(f"start:{person_id}:{enterprise_id}",),
        payload=payload,
    )


def case_of(person: Person, enterprise: Enterprise, payload: dict[str, Any]) -> Case:
    return new_case(
        business(),
        person_id=person.pk,
        enterprise_id=enterprise.pk,
        region_id=enterprise.region_id,
        payload=payload,
        today=localdate(),
    )


def why_not_now(person: Person, enterprise: Enterprise) -> list[Finding]:
    """Answers every reason that is known before the terms are typed."""
    case = case_of(person, enterprise, {})
    findings = blocking(evaluate([case], Facts([case]))[case])
    if proposals_of(enterprise.pk, is_open=True).filter(person=person).exists():
        findings.append(
            Finding(
                "employment.proposed",
                "已向此人发起聘用，正在等待本人确认",
                "不需要再次发起。内容填错的，先撤回再重新发起。",
                turn="本人",
                cure=Cure("查看待确认的聘用", "employment:enterprise", query={"tab": "proposals"}),
            )
        )
    return findings
