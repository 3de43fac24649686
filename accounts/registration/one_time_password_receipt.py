"""The one-time password between its making and its showing: encrypted, in the clerk's session, ten minutes.

It is shown once on the page and once in the PDF that the clerk may want instead of the browser's own print.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Person
from common.encryption import decrypt_text, encrypt_text

KEPT_FOR = timedelta(minutes=10)


class Form(StrEnum):
    PAGE = "page"
    PDF = "pdf"


def keep(request: HttpRequest, person: Person, password: str) -> None:
    request.session[_key(person)] = {
        "password": encrypt_text(password),
        "at": timezone.now().timestamp(),
        "forms": [form.value for form in Form],
    }


def take(request: HttpRequest, person: Person, form: Form) -> str | None:
    kept = request.session.pop(_key(person), None)
    if kept is None or timezone.now().timestamp() - kept["at"] > KEPT_FOR.total_seconds():
        return None
    if left := [each for each in kept["forms"] if each != form]:
        request.session[_key(person)] = {**kept, "forms": left}
    return decrypt_text(kept["password"]) if form in kept["forms"] else None


def is_kept(request: HttpRequest, person: Person, form: Form) -> bool:
    kept = request.session.get(_key(person))
    if kept is None or timezone.now().timestamp() - kept["at"] > KEPT_FOR.total_seconds():
        return False
    return form in kept["forms"]


def _key(person: Person) -> str:
    # One entry for each person: a second submit of the same form must not hide the first one's password.
    return f"receipt_{person.pk}"
