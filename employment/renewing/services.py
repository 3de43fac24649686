"""Files proposals to change employments in place; the engine files each and carries it out when the person agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from common.findings import Finding, Refused
from employment.models import Employment
from employment.terms_in_words import contract_text
from workflow.actors import Actor
from workflow.checks import Case
from workflow.models import Application
from workflow.services.filing_many import file_applications

from .terms import business, payload_for, renewal_case, state_of, terms_of


@dataclass(frozen=True)
class ProposedTerms:
    """`seen` is the mark of the terms that the page has shown; None where no page was shown."""

    employment_id: int
    posts: tuple[str, ...]
    contract_to: date | None
    seen: str | None = None


@dataclass
class Proposed:
    """Maps an employment to the application about it, or to the reasons why none was made."""

    filed: dict[int, Application] = field(default_factory=dict)
    refused: dict[int, list[Finding]] = field(default_factory=dict)


def _changed(employment: Employment) -> Finding:
    contract = contract_text(terms_of(employment))
    words = f"现在登记的职务：{employment.post_labels}；合同期：{contract}。您填写的内容还在，请对照后再提交。"
    return Finding("renewal.changed", "打开页面之后，登记的职务或合同期已经变化", words, turn="企业")


def propose_terms(proposals: Sequence[ProposedTerms], *, actor: Actor, now: datetime | None = None) -> Proposed:
    """Files all proposals in one transaction and a constant number of statements; one that is refused leaves the others
    alone.
    """
    now = now or utc_now()
    own = Employment.objects.filter(enterprise=actor.enterprise_id).select_related("enterprise")
    known = own.in_bulk([one.employment_id for one in proposals])
    result = Proposed()
    cases: dict[Case, int] = {}
    for one in proposals:
        employment = known.get(one.employment_id)
        if employment is None:
            finding = Finding("renewal.not_yours", "只能续签、变更本企业的聘用关系", turn="企业")
            result.refused[one.employment_id] = [finding]
        elif one.seen not in (None, state_of(employment)):
            result.refused[employment.pk] = [_changed(employment)]
        else:
            payload = payload_for(employment, posts=one.posts, contract_to=one.contract_to)
            cases[renewal_case(business(), employment, payload, localdate(now))] = employment.pk
    try:
        filed = file_applications(list(cases), actor=actor, now=now)
    except Refused as refused:
        result.refused |= {pk: list(refused.findings) for pk in cases.values()}
    else:
        result.filed = {cases[case]: application for case, application in filed.filed.items()}
        result.refused |= {cases[case]: findings for case, findings in filed.refused.items()}
    return result
