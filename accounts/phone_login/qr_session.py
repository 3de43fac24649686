"""Decides what the QR code on a web page shows, by which the reader's phone logs in.

A page calls `shown` and includes accounts/phone_code_box.html. The page's script asks again every few seconds. Such a
request shows the state of the code and never makes a new one, because a screen left alone would stay open to every
phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import PhoneLogin, User
from administration.throttle import Limit, seconds_to_wait
from common.printing.qr import svg_path
from common.web.sealed_session import SealedValue

from .services import issue_phone_login

ISSUED = Limit("phone_code", 60)
"""The unit is codes of one account."""
_TOLD = timedelta(minutes=10)
_SHOWN = SealedValue("phone_code", lifetime=timedelta(seconds=settings.SESSION_COOKIE_AGE))


@dataclass(frozen=True)
class PhoneCode:
    """`row` is None if too many were made. `path` is that of an SVG whose side is `side` units, and empty when there is
    nothing to scan. Visitors of the demonstration open `demonstration_address`, because their phone cannot reach this
    machine.
    """

    row: PhoneLogin | None
    path: str = ""
    side: int = 0
    demonstration_address: str = ""

    @property
    def is_used(self) -> bool:
        return self.row is not None and self.row.used_at is not None


def shown(request: HttpRequest) -> PhoneCode:
    now = timezone.now()
    kept = _SHOWN.peek(request) or {}
    row = PhoneLogin.objects.filter(pk=kept.get("row", 0), session_key=request.session.session_key or "").first()
    if row is not None and row.used_at is None and row.expires_at > now:
        return _drawn(request, row, kept["token"])
    if row is not None and (_is_look(request) or _was_used_lately(row, now)):
        return PhoneCode(row)
    return renewed(request)


def renewed(request: HttpRequest) -> PhoneCode:
    user = request.user
    if not isinstance(user, User) or not request.session.session_key:
        raise TypeError("only for pages of somebody who is logged in")
    if seconds_to_wait(ISSUED, f"user:{user.pk}"):
        return PhoneCode(None)
    row, token = issue_phone_login(user, session_key=request.session.session_key, now=timezone.now())
    _SHOWN.put(request, {"row": row.pk, "token": token})
    return _drawn(request, row, token)


def _is_look(request: HttpRequest) -> bool:
    """The script of the page asks, by `data-refresh`."""
    return request.headers.get("X-Requested-With") == "fetch"


def _was_used_lately(row: PhoneLogin, now: datetime) -> bool:
    return row.used_at is not None and now - row.used_at < _TOLD


def _drawn(request: HttpRequest, row: PhoneLogin, token: str) -> PhoneCode:
    address = request.build_absolute_uri(reverse("accounts:qr_login", args=[token]))
    path, side = svg_path(address)
    return PhoneCode(row, path, side, address if settings.IS_DEMONSTRATION else "")
