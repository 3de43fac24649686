"""Many messages and a service that fails a third of the time: each is delivered once, none is lost, order is kept.

`manage.py bench_outbox` does the same with 10,000 (docs/benchmarks.md).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest

from administration.enums import DeliveryState
from administration.messages.services import OutgoingMessage, send
from administration.models import Delivery
from administration.outbox.sending import send_due
from devtools.demo_servers.sms_service import SmsService
from tests.administration.outbox.reached import NOON, approve_templates, contact, set_parameter, sms_service

pytestmark = pytest.mark.django_db
PEOPLE, EACH = 100, 10


def every_third(number: int) -> str:
    """Half of the failures come before the service takes the message, half after it."""
    return "" if number % 3 else ("503", "lost")[number // 3 % 2]


def test_each_of_many_is_delivered_once_and_in_order(settings: Any) -> None:
    approve_templates()
    set_parameter("messages_per_hour", 200)
    with sms_service(settings, SmsService(every_third)) as service:
        people = [contact(user_id=number, address=f"139{number:08d}") for number in range(PEOPLE)]
        for turn in range(EACH):
            send(OutgoingMessage(one.mailbox_id, f"第{turn}条", event="exam_result") for one in people)
        Delivery.objects.update(due_at=NOON)
        moment = NOON
        while Delivery.objects.filter(state=DeliveryState.WAITING).exists():
            send_due(now=moment)
            moment += timedelta(minutes=2)
            assert moment < NOON + timedelta(hours=6), "what waits does not get less"
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
    assert {str(key) for key in Delivery.objects.values_list("key", flat=True)} == set(service.order)
    assert len(service.order) == len(set(service.order)) == PEOPLE * EACH
    assert service.repeated > PEOPLE * EACH / 10, "many answers were lost, and these messages were taken once"
    said = defaultdict(list)
    for key in service.order:
        said[service.taken[key]["phone"]].append(service.taken[key]["parameters"][0])
    assert len(said) == PEOPLE
    assert all(titles == [f"第{turn}条" for turn in range(EACH)] for titles in said.values())
