"""Says whose mailbox an actor reads, and which of its messages lead to applications that are closed to the reader."""

from __future__ import annotations

import re
from collections.abc import Iterable

from accounts.models import Person, User
from administration.models import Message
from enterprises.models import Enterprise

from ..actors import Actor
from ..models import Application
from ..permissions import visible

_APPLICATION_LINK = re.compile(r"/(?:m/|office/)?applications/(\d{4}-\d{4}-\d{6})/")


def mailbox_id_of(actor: Actor, user: User) -> int | None:
    if actor.person_id is not None:
        return Person.objects.values_list("mailbox_id", flat=True).get(pk=actor.person_id)
    if actor.enterprise_id is not None:
        return Enterprise.objects.values_list("mailbox_id", flat=True).get(pk=actor.enterprise_id)
    return user.office.mailbox_id if user.office else None


def not_readable(actor: Actor, received: Iterable[Message]) -> set[int]:
    """Answers the ids of messages about applications that the reader may not open any more, by one query.

    The application was withdrawn before the office acted, or it is another enterprise's since.
    """
    about = {one.pk: found[1] for one in received if (found := _APPLICATION_LINK.match(one.link))}
    if not about:
        return set()
    seen = set(Application.objects.filter(visible(actor), number__in=about.values()).values_list("number", flat=True))
    return {pk for pk, number in about.items() if number not in seen}
