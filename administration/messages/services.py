"""Writes messages into mailboxes in the transaction that causes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from administration.enums import Channel
from administration.models import Delivery, Mailbox, Message
from common.database.set_inserts import insert_rows

from .events import EVENTS, OTHER


@dataclass(frozen=True)
class OutgoingMessage:
    """Describes a message for a mailbox; without a mailbox (an owner has none) `send` leaves it out.

    The body goes to `phone` too if an SMS service is attached (`deliveries`). `event` is a key of `events.EVENTS`;
    another one raises KeyError.
    """

    mailbox_id: int | None
    title: str
    body: str = ""
    link: str = ""
    phone: str = ""
    event: str = OTHER

    def into(self, mailbox_id: int) -> Message:
        kind = EVENTS[self.event].kind
        return Message(mailbox_id=mailbox_id, kind=kind, title=self.title[:200], body=self.body, link=self.link)


def send(messages: Iterable[OutgoingMessage]) -> None:
    """Writes any number of messages by one query, and by one more if some of them go to a telephone.

    It runs in the caller's transaction, so that no message is without its cause.
    """
    sent = [(one.phone, one.into(one.mailbox_id)) for one in messages if one.mailbox_id]
    insert_rows(message for _, message in sent)
    Delivery.objects.bulk_create(
        Delivery(message=message, channel=Channel.SMS, address=phone) for phone, message in sent if phone
    )


def open_mailbox() -> Mailbox:
    return Mailbox.objects.create()


def mark_read(mailbox_id: int, *, message_id: int | None = None, now: datetime) -> int:
    """Marks one message, or all of a mailbox, as read. Answers how many were unread."""
    unread = Message.objects.filter(mailbox_id=mailbox_id, read_at__isnull=True)
    return (unread if message_id is None else unread.filter(pk=message_id)).update(read_at=now)
