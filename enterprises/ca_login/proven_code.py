"""Keeps the credit code that a CA key has proven but the register does not admit, so that its holder may ask the business
registry about it.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

from common.findings import Refused
from common.web.sealed_session import SealedValue

_PROVEN = SealedValue("cakey_not_in_register", lifetime=timedelta(minutes=30))


class NotInRegister(Refused):
    """Nothing stands against the key itself: the register does not know the enterprise, or knows it as gone."""

    code = ""


def may_be_asked() -> bool:
    return bool(settings.REGISTRY_URL)


def remember(request: HttpRequest, refused: Refused) -> bool:
    """Answers whether the holder may ask the business registry now."""
    if not isinstance(refused, NotInRegister) or not may_be_asked():
        return False
    _PROVEN.put(request, refused.code)
    return True


def proven(request: HttpRequest) -> str:
    """Answers "" where no key has proven a code in this session of late."""
    kept = _PROVEN.peek(request)
    return kept if isinstance(kept, str) else ""


def forget(request: HttpRequest) -> None:
    _PROVEN.forget(request)
