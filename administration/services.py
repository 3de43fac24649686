"""Writes of what all apps share: messages and audit entries, in sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from .models import AuditEntry, Mailbox, Message, Notice, NoticeLine


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
def publish_notice(
    *, kind: str, title: str, body: str, lines: Iterable[tuple[str, str]], office_id: int | None, now: datetime
) -> Notice:
    """`lines`: source and text of each matter."""
    notice = Notice.objects.create(kind=kind, title=title, body=body, published_at=now, office_id=office_id)
    NoticeLine.objects.bulk_create(NoticeLine(notice=notice, source=source, text=text[:300]) for source, text in lines)
    return notice


@transaction.atomic
def withdraw_notice_lines(sources: Iterable[str], *, now: datetime) -> None:
    """Strikes out what was overturned; a notice without any line left is withdrawn."""
    lines = NoticeLine.objects.filter(source__in=list(sources), withdrawn_at__isnull=True)
    notices = list(lines.values_list("notice_id", flat=True))
    lines.update(withdrawn_at=now)
    standing = NoticeLine.objects.filter(notice_id__in=notices, withdrawn_at__isnull=True).values("notice_id")
    Notice.objects.filter(pk__in=notices).exclude(pk__in=standing).update(withdrawn_at=now)


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
