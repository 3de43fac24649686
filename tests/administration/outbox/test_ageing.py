"""The log of the outbox ends after the days that the province sets, and the readiness probe tells of what does not leave."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from administration.enums import Channel, DeliveryState
from administration.models import Contact, Delivery
from administration.nightly import run_nightly
from administration.outbox import ageing

from .reached import contact, set_parameter

pytestmark = pytest.mark.django_db


def delivery(to: Contact, days: int, state: DeliveryState = DeliveryState.SENT, **fields: Any) -> Delivery:
    made = timezone.now() - timedelta(days=days)
    return Delivery.objects.create(
        contact=to,
        event="password_reset",
        channel=Channel.SMS,
        address=to.address,
        state=state,
        created_at=made,
        sent_at=made if state == DeliveryState.SENT else None,
        **fields,
    )


def warnings() -> list[str]:
    found: list[str] = Client().get("/readyz").json().get("warnings", [])
    return [one for one in found if "messages" in one]


def test_what_was_sent_or_has_failed_ends_and_what_waits_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ageing, "PAGE", 2)
    set_parameter("messages_log_days", 60)
    to = contact()
    waits = delivery(to, 400, DeliveryState.WAITING)
    for days in (300, 200, 61):
        delivery(to, days)
    delivery(to, 61, DeliveryState.FAILED)
    kept = [delivery(to, 59), delivery(to, 1, DeliveryState.FAILED), delivery(to, 0)]
    run = run_nightly("old_deliveries")
    assert run is not None
    assert run.counts == {"deleted": 4}
    assert list(Delivery.objects.order_by("pk")) == [waits, *kept]


def test_a_few_failures_are_no_warning_and_many_are() -> None:
    to = contact()
    for _ in range(ageing.MANY_FAILURES - 1):
        delivery(to, 0, DeliveryState.FAILED, attempts=1)
    delivery(to, 2, DeliveryState.FAILED, attempts=1)
    delivery(to, 0, DeliveryState.FAILED)
    assert warnings() == []
    delivery(to, 0, DeliveryState.FAILED, attempts=3)
    assert warnings() == [
        f"{ageing.MANY_FAILURES} messages of the last day could not be sent: see /office/outbox/log/."
    ]


def test_a_provider_that_does_not_answer_is_a_warning() -> None:
    to = contact()
    delivery(to, 0, DeliveryState.WAITING, attempts=ageing.MANY_TRIES - 1)
    assert warnings() == []
    delivery(to, 0, DeliveryState.WAITING, attempts=ageing.MANY_TRIES)
    (warning,) = warnings()
    assert "tried again and again" in warning
