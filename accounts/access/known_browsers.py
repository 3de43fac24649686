"""Remembers browsers in which a login has succeeded, so that guesses from elsewhere do not lock them out
(`lockouts`).

The cookie gives no access. It names a browser and the logins that have used it and is signed. It is of no use for
another login, nor for the same login after a change of its password.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from accounts.models import User
from common.encryption import blind_index

KEPT_FOR = timedelta(days=180)
LOGINS = 8
_SALT = "accounts.credentials.known_browsers"
_PLAIN_NAME = "jx_known"

Entry = tuple[str, str, str]


def cookie_name() -> str:
    """Uses the prefix that limits a cookie to this host and to encrypted connections, if the portal runs on these."""
    return f"__Host-{_PLAIN_NAME}" if settings.SESSION_COOKIE_SECURE else _PLAIN_NAME


def device_of(request: HttpRequest, login: str) -> str:
    """Answers an empty text for a browser in which this login has not succeeded."""
    mark = _mark_of(login)
    for entry_mark, device, password_mark in _entries(request):
        if entry_mark == mark:
            user = User.objects.filter(login=login).first()
            is_same = user is not None and constant_time_compare(_password_mark(user), password_mark)
            return device if is_same else ""
    return ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    mark = _mark_of(user.login)
    device = device_of(request, user.login) or secrets.token_hex(12)
    others = [entry for entry in _entries(request) if entry[0] != mark]
    entries = [(mark, device, _password_mark(user)), *others[: LOGINS - 1]]
    response.set_cookie(
        cookie_name(),
        signing.dumps(entries, salt=_SALT),
        max_age=int(KEPT_FOR.total_seconds()),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _entries(request: HttpRequest) -> list[Entry]:
    try:
        found: Any = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:  # none, or not ours
        return []
    return [(str(mark), str(device), str(password)) for mark, device, password in found]


def _mark_of(login: str) -> str:
    return blind_index(login, "known_browser")[:24]


def _password_mark(user: User) -> str:
    return blind_index(user.get_session_auth_hash(), "known_browser")[:24]
