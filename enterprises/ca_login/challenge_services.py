"""Writes challenges: a CA key signs one, which is bound to the session and good for one attempt within two minutes."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from common.findings import Finding, Refused

VALID_FOR = timedelta(minutes=2)
_REMEMBERED = timedelta(minutes=30)
"""Expired challenges are kept for this time, so that a late answer is told that it is late."""
_KEY = "cakey_challenges"
_AT_ONCE = 4

UNKNOWN = Finding(
    "challenge.unknown",
    "这份登录口令已经用过，或不是为本次登录生成的",
    "每份口令只能用一次，而且只能在打开它的浏览器里使用。页面已换上新口令，请重新签名。",
)
EXPIRED = Finding(
    "challenge.expired",
    "登录口令已超过2分钟",
    "页面已换上新口令，请在2分钟内完成签名。",
)


def issue(request: HttpRequest, *, now: datetime) -> str:
    expires = now + VALID_FOR
    nonce = secrets.token_urlsafe(32)
    text = f"ukey-login|{settings.CAKEY_ORIGIN}|jxcloud|{nonce}|{int(expires.timestamp())}"
    kept = [other for other in request.session.get(_KEY, []) if _expiry(other) > (now - _REMEMBERED).timestamp()]
    request.session[_KEY] = [*kept[1 - _AT_ONCE :], text]
    return text


def latest(request: HttpRequest, *, now: datetime) -> str | None:
    """Answers the youngest challenge that can still be used."""
    usable = [text for text in request.session.get(_KEY, []) if _expiry(text) >= now.timestamp()]
    return usable[-1] if usable else None


def take(request: HttpRequest, text: str, *, now: datetime) -> None:
    """Uses the challenge up. Raises Refused when this session has none like it, or too late."""
    if not _remove(request.session, text):
        raise Refused(UNKNOWN)
    if _expiry(text) < now.timestamp():
        raise Refused(EXPIRED)


def _remove(session: SessionBase, text: str) -> bool:
    """Removes a challenge once only, also for requests at the same moment: the stored session is locked."""
    with transaction.atomic():
        row = Session.objects.select_for_update().filter(session_key=session.session_key).first()
        if row is None:
            return False
        stored = row.get_decoded()
        kept: list[str] = stored.get(_KEY, [])
        # Whatever this request read before the lock may be out of date, and it saves the session at its end.
        session[_KEY] = stored[_KEY] = [other for other in kept if other != text]
        if text not in kept:
            return False
        row.session_data = Session.objects.encode(stored)
        row.save(update_fields=["session_data"])
    return True


def _expiry(text: str) -> int:
    return int(text.rpartition("|")[2])
