"""The one-time password between its making and its one showing: encrypted, in the clerk's session, ten minutes."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from jxcloud.base.crypto import decrypt_text, encrypt_text

from .models import Person

KEPT_FOR = timedelta(minutes=10)


def keep(request: HttpRequest, person: Person, password: str) -> None:
    request.session[_key(person)] = {"password": encrypt_text(password), "at": timezone.now().timestamp()}


def take(request: HttpRequest, person: Person) -> str | None:
    kept = request.session.pop(_key(person), None)
    if kept is None or timezone.now().timestamp() - kept["at"] > KEPT_FOR.total_seconds():
        return None
    return decrypt_text(kept["password"])


def _key(person: Person) -> str:
    # One entry for each person: a second submit of the same form must not hide the first one's password.
    return f"receipt_{person.pk}"
