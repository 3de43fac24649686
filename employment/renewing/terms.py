"""续签、变更职务: reads the terms of an employment, and makes the case that proposes others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from employment.models import Employment, FormerTerms
from employment.terms_in_words import FORMER
from workflow.business import Business, business_of
from workflow.checks import Case

CHANGED_BY = ("posts", "contract_to")


def business() -> Business:
    """A room above this one declares the business, so it is looked up by its name."""
    return business_of("employment_renewal")


def terms_of(employment: Employment | FormerTerms) -> dict[str, Any]:
    """Answers the terms as a payload writes them."""
    return {
        "posts": list(employment.posts),
        "contract_from": employment.contract_from.isoformat(),
        "contract_to": employment.contract_to.isoformat() if employment.contract_to else None,
    }


def state_of(employment: Employment) -> str:
    """Answers a mark of the terms that a page shows, so that a proposal rests on them."""
    return hashlib.sha256(json.dumps(terms_of(employment), sort_keys=True).encode()).hexdigest()[:32]


def payload_for(employment: Employment, *, posts: Iterable[str], contract_to: date | None) -> dict[str, Any]:
    """The contract keeps its beginning, because the employment goes on without a gap."""
    present = terms_of(employment)
    new = {**present, "posts": list(posts), "contract_to": contract_to.isoformat() if contract_to else None}
    return {**new, FORMER: present}


def renewal_case(proposed: Business, employment: Employment, payload: Mapping[str, Any], today: date) -> Case:
    """The employment is its subject, so that the database allows one open proposal or request to end it."""
    return Case(
        business=proposed,
        filing_day=today,
        on=today,
        person_id=employment.person_id,
        enterprise_id=employment.enterprise_id,
        region_id=employment.enterprise.region_id,
        subjects=(employment.pk,),
        payload=payload,
    )
