"""Reads audit entries as the audit administrator asks for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Person, User
from administration.models import AuditCheck, AuditEntry, AuditLink
from common.database.day_ranges import on_days
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


def recorded_on(day: date) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(on_days("at", day, day))


def latest_check() -> AuditCheck | None:
    return AuditCheck.objects.order_by("-pk").first()


def person_of(pk: int) -> Person | None:
    return Person.objects.filter(pk=pk).first()


def entries_of(person: Person) -> QuerySet[AuditEntry]:
    """Answers entries about the person or the person's cases, and those that the person caused, also by a login of the
    back office and on records that were merged into this one.
    """
    records = [person, *_merged_into(person)]
    theirs = Q(object_type=Person._meta.label_lower, object_id__in=[str(one.pk) for one in records])
    theirs |= _about_applications(person__in=records)
    theirs |= Q(actor_id__in=[one.user_id for one in records if one.user_id is not None])
    if person.id_number_index:
        staff = User.objects.filter(identity_index=person.id_number_index).values_list("pk", flat=True)
        theirs |= Q(actor_id__in=list(staff))
    return AuditEntry.objects.filter(theirs)


def _merged_into(person: Person) -> list[Person]:
    """Answers all of them: a record that others were merged into may itself be merged later."""
    found, waiting = list[Person](), [person]
    while waiting:
        waiting = list(Person.objects.filter(merged_into__in=waiting).order_by("pk"))
        found += waiting
    return found


def newest_link() -> AuditLink | None:
    return AuditLink.objects.order_by("-position").first()
