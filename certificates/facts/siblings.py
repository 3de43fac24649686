"""Finds certificates that a person holds at one enterprise: rule X-2 moves and corrects them together."""

from __future__ import annotations

from certificates.enums import IN_FORCE_STATES
from certificates.models import Certificate
from workflow.checks import Case


def of_same_enterprise(certificate: Certificate) -> list[Certificate]:
    """Answers those in force, by id; where the register does not know the enterprise, those that print the same name."""
    own = Certificate.objects.filter(person_id=certificate.person_id, legal_state__in=IN_FORCE_STATES)
    if certificate.enterprise_id is not None:
        own = own.filter(enterprise_id=certificate.enterprise_id)
    else:
        own = own.filter(enterprise__isnull=True, enterprise_name=certificate.enterprise_name)
    return list(own.order_by("pk"))


def with_siblings(case: Case) -> tuple[int, ...]:
    """Answers the case's first certificate, and after it the others at the same enterprise."""
    first = Certificate.objects.filter(pk__in=case.subjects[:1]).first()
    others = of_same_enterprise(first) if first else []
    return (*case.subjects[:1], *(one.pk for one in others if one.pk != case.subjects[0]))
