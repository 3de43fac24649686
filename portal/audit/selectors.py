"""Reads audit entries as the audit administrator asks for them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Person, User
from administration.models import AuditEntry, AuditLink
from common.dates import midnight
from common.text.chinese import half_width
from workflow.models import Application


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
    if wanted["number"]:
        rows = rows.filter(_about_applications(number="".join(half_width(wanted["number"]).split())))
    for field in ("action", "address", "request_id"):
        if wanted[field]:
            rows = rows.filter(**{field: wanted[field]})
    return rows


def _about_applications(**wanted: Any) -> Q:
    """The administrator reads that something was done to a case, and opens none."""
    ids = Application.objects.filter(**wanted).order_by("pk").values_list("pk", flat=True)
    return Q(object_type=Application._meta.label_lower, object_id__in=[str(pk) for pk in ids])


def person_of(pk: int) -> Person | None:
    return Person.objects.filter(pk=pk).first()


def entries_of(person: Person) -> QuerySet[AuditEntry]:
    """Answers entries about the person or the person's cases, and those that the person caused, also by a login of the back office."""
    theirs = Q(object_type=Person._meta.label_lower, object_id=str(person.pk)) | _about_applications(person=person)
    if person.user_id is not None:
        theirs |= Q(actor_id=person.user_id)
    if person.id_number_index:
        staff = User.objects.filter(identity_index=person.id_number_index).values_list("pk", flat=True)
        theirs |= Q(actor_id__in=list(staff))
    return AuditEntry.objects.filter(theirs)


def newest_link() -> AuditLink | None:
    return AuditLink.objects.order_by("-position").first()
