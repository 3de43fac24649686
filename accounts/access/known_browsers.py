"""Browsers that a login has come in by: they are judged by themselves when somebody else guesses (`lockouts`).

The cookie opens nothing. It names a browser and the logins that have used it, is signed, and is worth nothing for any other
login, nor for the same login once its password has changed.
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
"""Of one browser, the latest: a clerk's machine is used by several."""
_SALT = "accounts.credentials.known_browsers"
_PLAIN_NAME = "jx_known"

Entry = tuple[str, str, str]
"""Mark of the login, name of the browser for this login, mark of its password."""


def cookie_name() -> str:
    """With the prefix that keeps it to this host and to encrypted connections, where there are any."""
    return f"__Host-{_PLAIN_NAME}" if settings.SESSION_COOKIE_SECURE else _PLAIN_NAME


def device_of(request: HttpRequest, login: str) -> str:
    """Empty for a browser that this login has not come in by."""
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
