"""Writes of what all apps share: messages and audit entries, in sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from .models import AuditEntry, Mailbox, Message


@dataclass(frozen=True)
class Post:
    """A message for a mailbox; None (an owner without one) is left out by `send`."""

    mailbox_id: int | None
    title: str
    body: str = ""
    link: str = ""


def send(posts: Iterable[Post]) -> None:
    """One query for any number of messages, in the caller's transaction: no message without its cause."""
    Message.objects.bulk_create(
        Message(mailbox_id=post.mailbox_id, title=post.title[:200], body=post.body, link=post.link)
        for post in posts
        if post.mailbox_id
    )


def open_mailbox() -> Mailbox:
    return Mailbox.objects.create()


@transaction.atomic
def record_audit(
    *,
    action: str,
    actor_id: int | None,
    actor_name: str = "",
    sphere: str = "",
    object_type: str = "",
    object_id: object = "",
    detail: dict[str, object] | None = None,
    request_id: str = "",
    address: str | None = None,
) -> None:
    """`detail` never holds an ID number or another secret in clear."""
    AuditEntry.objects.create(
        action=action,
        actor_id=actor_id,
        actor_name=actor_name,
        sphere=sphere,
        object_type=object_type,
        object_id=str(object_id),
        detail=detail or {},
        request_id=request_id,
        address=address,
    )
