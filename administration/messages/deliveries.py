"""Sends messages to telephones: the worker hands over the rows of the outbox.

A province attaches its SMS service by a subclass of `Gateway`, named in `SMS_GATEWAY`. `OutgoingMessage.phone` fills the outbox.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from administration.enums import Channel, DeliveryState
from administration.models import Delivery
from common.text.masking import mask_phone

ATTEMPTS = 5
WORTH_SENDING = timedelta(hours=24)

_log = logging.getLogger(__name__)


class GatewayFailed(Exception):
    """The message was not handed over and is tried again. The text is kept, so it holds neither number nor message."""


class Gateway(ABC):
    @abstractmethod
    def deliver(self, *, address: str, text: str, reference: str) -> None:
        """`reference` is the same when a delivery is tried again. The call ends within seconds, because a row is
        locked meanwhile.
        """


class LogGateway(Gateway):
    """Writes to the log, for development and the demonstration, where nobody has a telephone."""

    def deliver(self, *, address: str, text: str, reference: str) -> None:
        _log.info("SMS %s to %s: %s", reference, mask_phone(address), text)


def sms_gateway() -> Gateway | None:
    """Answers None where no service is attached: the rows of the outbox wait, and fail after a day."""
    if not settings.SMS_GATEWAY:
        return None
    gateway = import_string(settings.SMS_GATEWAY)()
    if not isinstance(gateway, Gateway):
        raise TypeError("SMS_GATEWAY must name a subclass of administration.messages.deliveries.Gateway")
    return gateway


def send_waiting(*, now: datetime) -> int:
    """Sends what waits, and answers how many went out."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, channel=Channel.SMS)
    waiting.filter(created_at__lt=now - WORTH_SENDING).update(state=DeliveryState.FAILED, last_error="too late")
    gateway = sms_gateway()
    if gateway is None:
        return 0
    return sum(_send(pk, gateway, now) for pk in list(waiting.values_list("pk", flat=True)))


@transaction.atomic
def _send(pk: int, gateway: Gateway, now: datetime) -> bool:
    # The lock lets one of two workers send.
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("message")
    delivery = rows.filter(pk=pk, state=DeliveryState.WAITING).first()
    if delivery is None:
        return False
    delivery.attempts += 1
    try:
        gateway.deliver(address=delivery.address, text=delivery.message.body, reference=str(delivery.pk))
    except GatewayFailed as error:
        delivery.last_error = str(error)[:300]
        delivery.state = DeliveryState.FAILED if delivery.attempts >= ATTEMPTS else DeliveryState.WAITING
    else:
        delivery.state, delivery.sent_at, delivery.last_error = DeliveryState.SENT, now, ""
    delivery.save(update_fields=["attempts", "last_error", "state", "sent_at"])
    return delivery.state == DeliveryState.SENT
