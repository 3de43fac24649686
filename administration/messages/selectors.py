"""Reads messages of one mailbox for the pages that list them."""

from __future__ import annotations

from django.db.models import QuerySet

from administration.models import Message


def find_message(mailbox_id: int, message_id: int) -> Message | None:
    return Message.objects.filter(mailbox_id=mailbox_id, pk=message_id).first()


def unread_count(mailbox_id: int, *, cap: int) -> int:
    """Counts no further than `cap`; the menu of every page asks this."""
    return Message.objects.filter(mailbox_id=mailbox_id, read_at__isnull=True).order_by()[:cap].count()


def unread_ids(mailbox_id: int, *, cap: int) -> QuerySet[Message, int]:
    """Serves pages that read it together with other things; the number of ids is that of `unread_count`."""
    unread = Message.objects.filter(mailbox_id=mailbox_id, read_at__isnull=True)
    return unread.order_by("pk").values_list("pk", flat=True)[:cap]


def messages_in(mailbox_id: int, *, unread_only: bool = False) -> QuerySet[Message]:
    received = Message.objects.filter(mailbox_id=mailbox_id)
    return received.filter(read_at__isnull=True) if unread_only else received
