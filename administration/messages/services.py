"""Writes messages into mailboxes in the transaction that causes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from administration.enums import Channel
from administration.models import (
    Delivery,
    Mailbox,
    Message,
)


@dataclass(frozen=True)
class OutgoingMessage:
    """Describes a message for a mailbox; without a mailbox (an owner has none) `send` leaves it out.

    The body goes to `phone` too if an SMS service is attached (`deliveries`).
    """

    mailbox_id: int | None
    title: str
    body: str = ""
    link: str = ""
    phone: str = ""


def send(messages: Iterable[OutgoingMessage]) -> None:
    """Writes any number of messages by one query, and by one more if some of them go to a telephone.

    It runs in the caller's transaction, so that no message is without its cause.
    """
    sent = [
        (one.phone, Message(mailbox_id=one.mailbox_id, title=one.title[:200], body=one.body, link=one.link))
        for one in messages
        if one.mailbox_id
    ]
    Message.objects.bulk_create(message for _, message in sent)
    Delivery.objects.bulk_create(
        Delivery(message=message, channel=Channel.SMS, address=phone) for phone, message in sent if phone
    )


def open_mailbox() -> Mailbox:
    return Mailbox.objects.create()


def mark_read(mailbox_id: int, *, message_id: int | None = None, now: datetime) -> int:
    """Marks one message, or all of a mailbox, as read. Answers how many were unread."""
    unread = Message.objects.filter(mailbox_id=mailbox_id, read_at__isnull=True)
    return (unread if message_id is None else unread.filter(pk=message_id)).update(read_at=now)
