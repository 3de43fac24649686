"""Writes messages into mailboxes in the transaction that causes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from administration.models import Delivery, Mailbox, Message, Office
from common.database.set_inserts import insert_rows

from .events import EVENTS, OTHER
from .outbox import put_out


@dataclass(frozen=True)
class OutgoingMessage:
    """Describes a message for a mailbox; without a mailbox (an owner has none) `send` leaves it out.

    `event` is a key of `events.EVENTS`; another one raises KeyError. Whether a copy leaves the portal is the province's
    choice for the event, and the receiver's.
    """

    mailbox_id: int | None
    title: str
    body: str = ""
    link: str = ""
    event: str = OTHER

    def into(self, mailbox_id: int) -> Message:
        kind = EVENTS[self.event].kind
        return Message(mailbox_id=mailbox_id, kind=kind, title=self.title[:200], body=self.body, link=self.link)


def send(messages: Iterable[OutgoingMessage]) -> None:
    """Writes any number of messages by one query, and the copies that leave the portal by one more (`outbox.put_out`).

    It runs in the caller's transaction, so that no message is without its cause.
    """
    sent = [(one.event, one.into(one.mailbox_id)) for one in messages if one.mailbox_id]
    insert_rows(message for _, message in sent)
    put_out(sent)


def recent_messages(mailbox_ids: Collection[int | None], *, titles: Collection[str], since: datetime) -> list[Message]:
    """Locks the messages of these mailboxes with titles that begin so, the oldest first.

    What leaves the portal is left out: it is read outside, whatever its mailbox says.
    """
    begins = reduce(or_, (Q(title__startswith=title) for title in titles), Q(pk__in=[]))
    found = Message.objects.filter(begins, mailbox__in=mailbox_ids, created_at__gte=since)
    unsent = found.filter(~Exists(Delivery.objects.filter(message=OuterRef("pk"))))
    return list(unsent.order_by("pk").select_for_update(of=("self",)))


def take_back(messages: Iterable[Message]) -> None:
    """Removes messages that nobody has read, for the sake of one that says what they say. The caller has locked them."""
    Message.objects.filter(pk__in=[one.pk for one in messages], read_at__isnull=True).delete()


def open_mailbox() -> Mailbox:
    return Mailbox.objects.create()


def mark_done(office_id: int, links: Iterable[str], *, now: datetime) -> None:
    """Marks what an office was told of these pages as read, once it has acted there: nobody has to open it any more."""
    boxes = Office.objects.filter(pk=office_id).values("mailbox")
    unread = Message.objects.filter(mailbox__in=boxes, read_at__isnull=True, link__in=list(links)).order_by("pk")
    # What a colleague is just marking is marked anyway, so nobody waits for anybody.
    found = list(unread.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
    if found:
        Message.objects.filter(pk__in=found).update(read_at=now)


def mark_read(mailbox_id: int, *, message_id: int | None = None, now: datetime) -> int:
    """Marks one message, or all of a mailbox, as read. Answers how many were unread."""
    unread = Message.objects.filter(mailbox_id=mailbox_id, read_at__isnull=True)
    return (unread if message_id is None else unread.filter(pk=message_id)).update(read_at=now)
