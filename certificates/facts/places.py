"""Answers at which enterprise, and so in which region, a case stands."""

from __future__ import annotations

from dataclasses import replace

from administration.offices.selectors import PROVINCE
from certificates.models import Certificate
from employment.models import Employment
from enterprises.models import Enterprise
from workflow.checks import Case

NOBODY = 0
"""No row has this id: an enterprise or an office owns no certificates."""


def employer_of(case: Case) -> Enterprise | None:
    employment = (
        Employment.objects.active().filter(person_id=case.person_id or NOBODY).select_related("enterprise").first()
    )
    return employment.enterprise if employment else None


def enterprise_of_first(case: Case) -> Enterprise | None:
    first = Certificate.objects.filter(pk__in=case.subjects).select_related("enterprise").order_by("pk").first()
    return first.enterprise if first else None


def located(case: Case, enterprise: Enterprise | None) -> Case:
    """Answers the case at this enterprise and its region."""
    return replace(
        case,
        enterprise_id=enterprise.pk if enterprise else None,
        region_id=enterprise.region_id if enterprise else PROVINCE,
    )
