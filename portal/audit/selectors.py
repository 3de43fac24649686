"""Reads audit entries as the audit administrator asks for them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Person
from administration.models import AuditEntry, AuditLink
from common.dates import midnight


def matching(wanted: dict[str, Any]) -> QuerySet[AuditEntry]:
    """`wanted` is what `AuditFilter` has cleaned."""
    rows = AuditEntry.objects.all()
    if wanted["from_on"]:
        rows = rows.filter(at__gte=midnight(wanted["from_on"]))
    if wanted["until_on"]:
        rows = rows.filter(at__lt=midnight(wanted["until_on"]))
    if isinstance(wanted["actor"], int):
        rows = rows.filter(actor_id=wanted["actor"])
    elif wanted["actor"]:
        rows = rows.filter(actor_name=wanted["actor"])
    if wanted["about"]:
        kind, number = wanted["about"]
        rows = rows.filter(object_type=kind, object_id=number)
    for field in ("action", "address", "request_id"):
        if wanted[field]:
            rows = rows.filter(**{field: wanted[field]})
    return rows


def person_of(pk: int) -> Person | None:
    return Person.objects.filter(pk=pk).first()


def entries_of(person: Person) -> QuerySet[AuditEntry]:
    """Answers entries about the person and entries that the person caused."""
    theirs = Q(object_type=Person._meta.label_lower, object_id=str(person.pk))
    if person.user_id is not None:
        theirs |= Q(actor_id=person.user_id)
    return AuditEntry.objects.filter(theirs)


def newest_link() -> AuditLink | None:
    return AuditLink.objects.order_by("-position").first()
