"""Writes the contact data and qualifications that an enterprise gives itself; all other data come from the business registry."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.access import audit
from enterprises.models import CaKey, Enterprise


@transaction.atomic
def update_contact(*, enterprise_id: int, address: str, phone: str, grades: Sequence[str] = (), by: CaKey) -> None:
    enterprise = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)
    given = {"address": address, "phone": phone, "grades": sorted(grades)}
    changed = [name for name, value in given.items() if getattr(enterprise, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(enterprise, name, given[name])
    enterprise.save(update_fields=changed)
    audit.record("enterprise.contact", by=by.user, about=enterprise, detail={"changed": changed})
