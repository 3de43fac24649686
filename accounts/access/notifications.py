"""Tells the owner of a login what happened to it."""

from __future__ import annotations

from accounts.enums import Sphere
from accounts.models import Person, User
from administration.messages.services import OutgoingMessage, send


def tell_owner(user: User, title: str, body: str, *, link: str = "") -> None:
    """Writes into the mailbox of the person, or of the office of a member of staff. Administrators and operators have
    none: they read it at their next login (`User.locked_at`) and in their list of sessions.
    """
    if user.sphere == Sphere.PERSON:
        mailbox = Person.objects.filter(user=user).values_list("mailbox_id", flat=True).first()
    else:
        mailbox = user.office.mailbox_id if user.office else None
        title = f"{user.name}（{user.login}）：{title}"
    send([OutgoingMessage(mailbox, title, body, link, event="account")])
