"""Proposes new ends of contracts to many people at once; each of them confirms on the phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from administration.audit.services import record_audits
from employment.models import Employment
from employment.renewing.services import Proposed, ProposedTerms, propose_terms
from enterprises.models import Enterprise
from workflow.actors import Actor
from workflow.services.auditing import author_of


@transaction.atomic
def propose_new_ends(
    employments: Sequence[Employment],
    ends: Mapping[int, date | None],
    *,
    seen: Mapping[int, str],
    actor: Actor,
    now: datetime | None = None,
) -> Proposed:
    """Posts stay as they are. `seen` has the marks of the terms that the page has shown."""
    wanted = [
        ProposedTerms(row.pk, tuple(row.posts), ends[row.pk], seen.get(row.pk, ""))
        for row in employments
        if row.pk in ends
    ]
    result = propose_terms(wanted, actor=actor, now=now)
    detail: dict[str, object] = {"filed": len(result.filed), "acting_for": actor.acting_for}
    about = [(Enterprise._meta.label_lower, actor.enterprise_id or 0, detail)]
    record_audits("employment.propose_renewals", about, by=author_of(actor))
    return result
