"""Keeps a verified key in the session until the person has said whose key it is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from django.http import HttpRequest

from common.web.sealed_session import SealedValue
from enterprises.models import Enterprise

from .key_services import PresentedKey
from .services import Admitted

VALID_FOR = timedelta(minutes=10)
_WAITING = SealedValue("cakey_first_login", lifetime=VALID_FOR)


def remember(request: HttpRequest, admitted: Admitted, *, method: str) -> None:
    # The session gets a new id: an attacker who planted the former one must not find the key in it.
    request.session.cycle_key()
    presented = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(admitted.presented).items()
    }
    _WAITING.put(request, {"enterprise": admitted.enterprise.pk, "presented": presented, "method": method})


def waiting(request: HttpRequest) -> tuple[Admitted, str] | None:
    """Answers the key and the method by which it was verified."""
    kept = _WAITING.peek(request)
    if kept is None:
        return None
    enterprise = Enterprise.objects.filter(pk=kept["enterprise"]).first()
    if enterprise is None:
        return None
    times = {name: datetime.fromisoformat(kept["presented"][name]) for name in ("valid_from", "valid_to")}
    return Admitted(enterprise, PresentedKey(**{**kept["presented"], **times})), kept["method"]


def forget(request: HttpRequest) -> None:
    _WAITING.forget(request)
