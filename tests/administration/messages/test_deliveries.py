"""The outbox of messages to telephones: filled with the message, emptied by the worker through what is attached."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from administration.enums import DeliveryState
from administration.messages.deliveries import ATTEMPTS, Gateway, GatewayFailed, send_waiting
from administration.messages.services import OutgoingMessage, open_mailbox, send
from administration.models import Delivery, Message

pytestmark = pytest.mark.django_db
PHONE = "13800001234"
HERE = "tests.administration.messages.test_deliveries"


class Recorder(Gateway):
    """What a province's service would be, in place of its network."""

    sent: ClassVar[list[tuple[str, str]]] = []

    def deliver(self, *, address: str, text: str, reference: str) -> None:
        self.sent.append((address, text))


class Broken(Gateway):
    def deliver(self, *, address: str, text: str, reference: str) -> None:
        raise GatewayFailed("the service answered 503")


@pytest.fixture
def outbox() -> Delivery:
    Recorder.sent.clear()
    send(
        [
            OutgoingMessage(open_mailbox().pk, "标题", "内容", phone=PHONE),
            OutgoingMessage(open_mailbox().pk, "另一条", "不外发"),
            OutgoingMessage(None, "无"),
        ]
    )
    return Delivery.objects.get()


def test_a_message_with_a_telephone_lies_in_the_outbox_too(outbox: Delivery) -> None:
    assert Message.objects.count() == 2
    assert (outbox.address, outbox.message.title) == (PHONE, "标题")


def test_messages_cost_no_more_queries_than_before(django_assert_num_queries: Any) -> None:
    boxes = [open_mailbox().pk for _ in range(5)]
    with django_assert_num_queries(1):
        send(OutgoingMessage(box, "标题") for box in boxes)
    with django_assert_num_queries(2):
        send(OutgoingMessage(box, "标题", phone=PHONE) for box in boxes)


def test_it_goes_out_once(outbox: Delivery, settings: Any) -> None:
    settings.SMS_GATEWAY = f"{HERE}.Recorder"
    assert [send_waiting(now=timezone.now()) for _ in range(2)] == [1, 0]
    assert Recorder.sent == [(PHONE, "内容")]
    outbox.refresh_from_db()
    assert (outbox.state, outbox.attempts) == (DeliveryState.SENT, 1)


def test_without_a_service_it_waits_and_lapses_after_a_day(outbox: Delivery, settings: Any) -> None:
    settings.SMS_GATEWAY = ""
    assert send_waiting(now=timezone.now()) == 0
    outbox.refresh_from_db()
    assert outbox.state == DeliveryState.WAITING
    send_waiting(now=timezone.now() + timedelta(hours=25))
    outbox.refresh_from_db()
    assert outbox.state == DeliveryState.FAILED


def test_a_failing_service_is_tried_again_a_few_times(outbox: Delivery, settings: Any) -> None:
    settings.SMS_GATEWAY = f"{HERE}.Broken"
    for _ in range(ATTEMPTS + 2):
        assert send_waiting(now=timezone.now()) == 0
    outbox.refresh_from_db()
    assert (outbox.state, outbox.attempts) == (DeliveryState.FAILED, ATTEMPTS)
    assert outbox.last_error == "the service answered 503"


def test_the_log_of_a_demonstration_shows_no_whole_number(
    outbox: Delivery, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_GATEWAY = "administration.messages.deliveries.LogGateway"
    with caplog.at_level(logging.INFO, logger="administration.messages.deliveries"):
        assert send_waiting(now=timezone.now()) == 1
    assert "138****1234" in caplog.text
    assert PHONE not in caplog.text


def test_what_is_no_gateway_is_named(outbox: Delivery, settings: Any) -> None:
    settings.SMS_GATEWAY = "administration.models.Message"
    with pytest.raises(TypeError, match="SMS_GATEWAY"):
        send_waiting(now=timezone.now())
