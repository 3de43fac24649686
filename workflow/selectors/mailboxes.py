"""Says whose mailbox an actor reads, and which of its messages lead to applications that are closed to the reader."""

from __future__ import annotations

import re
from collections.abc import Iterable

from accounts.access.decorators import why_not_open
from accounts.models import User
from administration.messages.selectors import unread_count
from administration.models import Message

from ..actors import Actor
from ..models import Application
from ..permissions import visible
from .counts import CAP

_APPLICATION_LINK = re.compile(r"/(?:m/|office/)?applications/(\d{4}-\d{4}-\d{6})/")


def mailbox_id_of(actor: Actor, user: User) -> int | None:
    """Asks the database nothing: finding the actor has read the owner already."""
    if actor.person_id is not None:
        return user.person.mailbox_id
    if actor.enterprise_id is not None:
        return user.ca_key.enterprise.mailbox_id
    return user.office.mailbox_id if user.office else None


def unread_messages(actor: Actor | None, user: User) -> int:
    mailbox_id = mailbox_id_of(actor, user) if actor is not None else None
    return unread_count(mailbox_id, cap=CAP) if mailbox_id is not None else 0


def closed_to(user: User, received: Iterable[Message]) -> set[int]:
    """Answers the ids of messages whose page is open to colleagues with another duty only."""
    return {one.pk for one in received if one.link.startswith("/") and why_not_open(user, one.link)}


def not_readable(actor: Actor, received: Iterable[Message]) -> set[int]:
    """Answers the ids of messages about applications that the reader may not open any more, by one query.

    The application was withdrawn before the office acted, or it is another enterprise's since.
    """
    about = {one.pk: found[1] for one in received if (found := _APPLICATION_LINK.match(one.link))}
    if not about:
        return set()
    seen = set(Application.objects.filter(visible(actor), number__in=about.values()).values_list("number", flat=True))
    return {pk for pk, number in about.items() if number not in seen}
