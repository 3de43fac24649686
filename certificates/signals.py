"""What certificates learn from the packages to their left."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from employment.services import employment_changed

from .services.snapshots import refresh_for_people


@receiver(employment_changed, dispatch_uid="certificates.employment_changed")
def refresh_after_employment(sender: Any, *, person_ids: Collection[int], **_: Any) -> None:
    refresh_for_people(person_ids)
