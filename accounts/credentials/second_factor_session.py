"""Keeps in the session, sealed, short-lived and for one user, what the pages of a second factor need.

`begin` serves between the password or face and the code, when nobody is logged in yet; `secret_for` serves while an
authenticator is being added. A changed password ends the first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest

from accounts.enums import Sphere
from accounts.models import User
from common.web.sealed_session import SealedValue

from . import totp

WAITS = timedelta(minutes=10)
_WAITING = SealedValue("second_step", lifetime=WAITS)
_SECRET = SealedValue("totp_secret", lifetime=WAITS)


@dataclass(frozen=True)
class Waiting:
    """`user` is None after a wrong password at a login page that does not say so before the code. `door` is empty for
    the back office.
    """

    login: str
    user: User | None
    door: str


def begin(request: HttpRequest, user: User | None, *, login: str = "", door: str = "") -> None:
    # The session gets a fresh key, so that whoever knew the old one is not half logged in.
    request.session.cycle_key()
    _SECRET.forget(request)
    content = {"user": user.pk, "hash": user.get_session_auth_hash()} if user else {"user": None, "hash": ""}
    _WAITING.put(request, {**content, "login": user.login if user else login, "door": door})


def waiting(request: HttpRequest, *, spheres: Collection[Sphere]) -> Waiting | None:
    """Answers who has just passed the first step. Each login page names its own spheres."""
    kept = _WAITING.peek(request)
    if kept is None:
        return None
    if kept["user"] is None:
        return Waiting(str(kept["login"]), None, kept["door"])
    user = User.objects.select_related("office").filter(pk=kept["user"], is_active=True, sphere__in=spheres).first()
    if user is None or user.get_session_auth_hash() != kept["hash"]:
        return None
    return Waiting(user.login, user, kept["door"])


def secret_for(request: HttpRequest, user: User) -> str:
    """Answers the same secret on a reload; another user gets another one, and so does everybody after ten minutes."""
    kept = _SECRET.peek(request)
    if kept is None or kept["user"] != user.pk:
        kept = {"user": user.pk, "secret": totp.new_secret()}
        _SECRET.put(request, kept)
    return str(kept["secret"])


def forget(request: HttpRequest) -> None:
    _WAITING.forget(request)
    _SECRET.forget(request)
