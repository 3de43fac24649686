"""Shapes deliveries for tables: the address masked, the fate in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from administration.enums import DeliveryState, Receipt
from administration.messages.events import EVENTS
from administration.models import Delivery
from administration.outbox.masking import mask_address

TONES = {
    DeliveryState.WAITING: "info",
    DeliveryState.SENT: "good",
    DeliveryState.FAILED: "bad",
}


def shown(deliveries: Iterable[Delivery]) -> list[dict[str, object]]:
    return [
        {
            "delivery": one,
            "event": EVENTS[one.event].title if one.event in EVENTS else one.event,
            "address": mask_address(one.channel, one.address),
            "state": one.get_receipt_display() if one.receipt else one.get_state_display(),
            "tone": "bad" if one.receipt == Receipt.UNDELIVERED else TONES[DeliveryState(one.state)],
            "at": _at(one),
        }
        for one in deliveries
    ]


def _at(one: Delivery) -> datetime:
    return one.sent_at or one.created_at
