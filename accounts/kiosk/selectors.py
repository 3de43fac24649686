"""Reads what a registration machine has sent before."""

from __future__ import annotations

import uuid

from accounts.models import KioskDevice, KioskRequest


def request_of(device: KioskDevice, request_id: uuid.UUID) -> KioskRequest | None:
    """Answers None for a request of another machine."""
    rows = KioskRequest.objects.select_related("person", "held_card", "device__office")
    return rows.filter(device=device, request_id=request_id).first()
