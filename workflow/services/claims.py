"""Writes the claims of applications anew when their person's record has changed."""

from __future__ import annotations

from collections.abc import Collection

from django.apps import apps

from common.database.set_updates import update_rows
from workflow.models import ApplicationItem

NAMING_A_PERSON = ("start", "person")
"""Claims that begin so go on with the id of a person."""


def follow_person(application_ids: Collection[int], *, source: int, target: int) -> None:
    """The caller has locked the applications."""
    for model in apps.get_models():
        if not issubclass(model, ApplicationItem):
            continue
        items = model._default_manager.filter(application__in=application_ids).exclude(claim_key="").order_by("pk")
        renamed = [item for item in items if _names(item, source)]
        for item in renamed:
            begin, _, rest = item.claim_key.split(":", 2)
            item.claim_key = f"{begin}:{target}:{rest}"
        update_rows(renamed, ["claim_key"])


def _names(item: ApplicationItem, person_id: int) -> bool:
    return any(item.claim_key.startswith(f"{begin}:{person_id}:") for begin in NAMING_A_PERSON)
