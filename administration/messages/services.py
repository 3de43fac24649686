"""Messages into mailboxes: written in the transaction that causes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from administration.enums import Channel
from administration.models import (
    Delivery,
    Mailbox,
    Message,
)


@dataclass(frozen=True)
class OutgoingMessage:
    """A message for a mailbox; None (an owner without one) is left out by `send`."""

    mailbox_id: int | None
    title: str
    body: str = ""
    link: str = ""
    phone: str = ""
    """On file, of its owner: the body goes there too, where an SMS service is attached (`deliveries`)."""


def send(posts: Iterable[OutgoingMessage]) -> None:
    """One query for any number of messages, in the caller's transaction: no message without its cause.

    One more where some of them go to a telephone.
    """
    sent = [
        (post.phone, Message(mailbox_id=post.mailbox_id, title=post.title[:200], body=post.body, link=post.link))
        for post in posts
        if post.mailbox_id
    ]
    Message.objects.bulk_create(message for _, message in sent)
    Delivery.objects.bulk_create(
        Delivery(message=message, channel=Channel.SMS, address=phone) for phone, message in sent if phone
    )


def open_mailbox() -> Mailbox:
    return Mailbox.objects.create()
