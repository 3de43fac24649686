"""Keeps the one-time password in the clerk's session for ten minutes until it is shown.

It is shown once on the page and once in the PDF that the clerk may want instead of the browser's own print.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.http import HttpRequest

from accounts.models import Person
from common.web.sealed_session import SealedValue

KEPT_FOR = timedelta(minutes=10)


class Form(StrEnum):
    PAGE = "page"
    PDF = "pdf"


def keep(request: HttpRequest, person: Person, password: str) -> None:
    _receipt_of(person).put(request, {"password": password, "forms": [form.value for form in Form]})


def take(request: HttpRequest, person: Person, form: Form) -> str | None:
    receipt = _receipt_of(person)
    kept = receipt.peek(request)
    if kept is None:
        return None
    left = [each for each in kept["forms"] if each != form]
    if left:
        receipt.replace(request, {**kept, "forms": left})
    else:
        receipt.forget(request)
    return str(kept["password"]) if form in kept["forms"] else None


def is_kept(request: HttpRequest, person: Person, form: Form) -> bool:
    kept = _receipt_of(person).peek(request)
    return kept is not None and form in kept["forms"]


def _receipt_of(person: Person) -> SealedValue:
    # One entry for each person: a second submit of the same form must not hide the first one's password.
    return SealedValue(f"receipt_{person.pk}", lifetime=KEPT_FOR)
