"""A key that has proved itself and must yet say whose it is: waits in the session until the person has answered."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from django.http import HttpRequest

from enterprises.models import Enterprise

from .keys import PresentedKey
from .services import Admitted

VALID_FOR = timedelta(minutes=10)
_KEY = "cakey_first_login"


def remember(request: HttpRequest, admitted: Admitted, *, method: str, now: datetime) -> None:
    # Whoever planted this session in the browser must not find the key in it.
    request.session.cycle_key()
    presented = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(admitted.presented).items()
    }
    request.session[_KEY] = {
        "enterprise": admitted.enterprise.pk,
        "presented": presented,
        "method": method,
        "until": (now + VALID_FOR).timestamp(),
    }


def waiting(request: HttpRequest, *, now: datetime) -> tuple[Admitted, str] | None:
    """And the method by which the key has proved itself."""
    kept = request.session.get(_KEY)
    if kept is None or kept["until"] < now.timestamp():
        return None
    enterprise = Enterprise.objects.filter(pk=kept["enterprise"]).first()
    if enterprise is None:
        return None
    times = {name: datetime.fromisoformat(kept["presented"][name]) for name in ("valid_from", "valid_to")}
    return Admitted(enterprise, PresentedKey(**{**kept["presented"], **times})), kept["method"]


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
