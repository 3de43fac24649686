"""Issues first certificates after a passed exam, in sets: checked under locks, numbered in one block, drawn by the
worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from administration.parameters.book import ParameterBook
from certificates.enums import Operation, Origin
from certificates.holding import Held
from certificates.models import CertificateVersion
from common.dates import chinese_date, term_end
from common.findings import Finding, blocking
from workflow.actors import Actor
from workflow.checks import Case, Facts, evaluate
from workflow.services.locking import lock_parties

from .first_issue_rules import FirstIssueBusiness, added_to, claim_of, findings_with
from .new import NewCertificate, create_certificates


@dataclass(frozen=True)
class FirstIssue:
    """Orders one certificate, to be issued for the first time.

    Without `starts_on` the day of the decision is the first day of validity. `summary` is for the trail and names, for
    example, the exam that was passed.
    """

    person_id: int
    category: str
    enterprise_id: int
    post: str
    starts_on: date | None = None
    application_id: int | None = None
    summary: str = ""


@dataclass
class FirstIssued:
    """Reports on each order; a refused one never stops the others."""

    issued: dict[FirstIssue, CertificateVersion] = field(default_factory=dict)
    refused: dict[FirstIssue, list[Finding]] = field(default_factory=dict)

    @property
    def refused_applications(self) -> dict[int, list[Finding]]:
        """Answers the refusals in the form that `on_approve` needs."""
        return {order.application_id: found for order, found in self.refused.items() if order.application_id}


@transaction.atomic
def issue_first(
    *,
    orders: Sequence[FirstIssue],
    by: Actor,
    now: datetime,
    kind: str = "first_issue",
    parameters: ParameterBook | None = None,
) -> FirstIssued:
    """Writes number, term, version, event 新发 and document order for each order that no rule refuses.

    It locks persons and enterprises itself; within a decision these are the ones of its applications. `kind` is the
    business that caused the issue.
    """
    parameters = parameters or ParameterBook.load()
    today = localdate(now)
    orders = list(dict.fromkeys(orders))
    lock_parties(
        person_ids=[order.person_id for order in orders], enterprise_ids=[order.enterprise_id for order in orders]
    )
    result = FirstIssued()
    cases = {order: _case(order, today) for order in orders}
    years = parameters.integer("term_years", today)
    found = _findings(cases, Facts(list(cases.values()), parameters), years)
    result.refused = {order: stops for order, stops in found.items() if stops}
    passed = [order for order in orders if order not in result.refused]
    if passed:
        versions = create_certificates([new_certificate(order, kind, today, years) for order in passed], by=by, now=now)
        result.issued = dict(zip(passed, versions, strict=True))
    return result


def _case(order: FirstIssue, today: date) -> Case:
    return Case(
        business=FirstIssueBusiness(),
        filing_day=today,
        on=today,
        person_id=order.person_id,
        enterprise_id=order.enterprise_id,
        claims=(claim_of(order.person_id, order.category),),
        payload={"category": order.category, "post": order.post},
        application_id=order.application_id,
        is_filing=False,
    )


def _findings(cases: dict[FirstIssue, Case], facts: Facts, years: int) -> dict[FirstIssue, list[Finding]]:
    """Checks each order by itself, then beside those before it: two orders of one set may break a rule only together."""
    alone = evaluate(facts.cases, facts)
    answers: dict[FirstIssue, list[Finding]] = {}
    issued: list[Held] = []
    for position, (order, case) in enumerate(cases.items(), 1):
        stops = [*blocking(alone[case]), *_term_findings(order, case.on, years)]
        if not stops and issued:
            stops = blocking(findings_with(case, facts, issued))
        if not stops:
            issued += added_to(case, (), as_id=-position)
        answers[order] = stops
    return answers


def _term_findings(order: FirstIssue, today: date, years: int) -> list[Finding]:
    if order.starts_on is None or order.starts_on <= today <= term_end(order.starts_on, years):
        return []
    detail = f"填写的是{chinese_date(order.starts_on)}。应从发证当日或之前开始，并且今天仍在有效期内。"
    return [Finding("first_issue.term", "有效期的开始日期不合理", detail, turn="审核人")]


def new_certificate(order: FirstIssue, kind: str, today: date, years: int) -> NewCertificate:
    starts = order.starts_on or today
    return NewCertificate(
        person_id=order.person_id,
        category=order.category,
        post=order.post,
        origin=Origin.FIRST_ISSUE,
        operation=Operation.FIRST_ISSUE,
        kind=kind,
        application_id=order.application_id,
        enterprise_id=order.enterprise_id,
        valid_from=starts,
        valid_to=term_end(starts, years),
        summary=order.summary,
    )
