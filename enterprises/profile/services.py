"""Writes the contact data that an enterprise gives itself; all other data come from the business registry."""

from __future__ import annotations

from django.db import transaction

from accounts.access import audit
from enterprises.models import CaKey, Enterprise


@transaction.atomic
def update_contact(*, enterprise_id: int, address: str, phone: str, by: CaKey) -> None:
    enterprise = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)
    changed = [name for name, value in (("address", address), ("phone", phone)) if getattr(enterprise, name) != value]
    if not changed:
        return
    enterprise.address, enterprise.phone = address, phone
    enterprise.save(update_fields=["address", "phone"])
    audit.record("enterprise.contact", by=by.user, about=enterprise, detail={"changed": changed})
