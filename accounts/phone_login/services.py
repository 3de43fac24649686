"""Issues and uses the QR code of a web session that lets one phone in."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.access.login_sessions import browser_in_words
from accounts.models import PhoneLogin, User
from common.encryption import blind_index
from common.findings import Finding, Refused

LASTS = timedelta(minutes=2)
_KEPT = timedelta(days=1)

UNKNOWN = Finding(
    "phone_login.unknown",
    "这个二维码不正确",
    "请重新扫描电脑页面上的二维码，不要手工输入网址。也可以用下面的其他方式登录。",
)
USED = Finding(
    "phone_login.used",
    "这个二维码已经用过",
    "每个二维码只能登录一次。请在电脑页面上换一个新的再扫。不是您本人扫的，请在电脑上打开“账号安全”，退出不认识的设备。",
)
EXPIRED = Finding(
    "phone_login.expired",
    "这个二维码已过期",
    "二维码2分钟内有效。请在电脑页面上换一个新的，再用手机扫描。",
)
ENDED = Finding(
    "phone_login.ended",
    "显示这个二维码的电脑已退出登录，或密码已修改",
    "请在电脑上重新登录，再扫描新的二维码。",
)


@transaction.atomic
def issue_phone_login(user: User, *, session_key: str, now: datetime) -> tuple[PhoneLogin, str]:
    """Answers the row and the token, which is not stored. Codes that the session showed before become invalid."""
    PhoneLogin.objects.filter(session_key=session_key, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    token = secrets.token_urlsafe(24)
    row = PhoneLogin.objects.create(
        user=user,
        session_key=session_key,
        auth_hash=user.get_session_auth_hash(),
        token_hash=_hash(token),
        issued_at=now,
        expires_at=now + LASTS,
    )
    return row, token


def usable_phone_login(token: str, *, now: datetime) -> PhoneLogin:
    """Does not use the code up, because link previews open it too. Raises Refused."""
    row = PhoneLogin.objects.select_related("user").filter(token_hash=_hash(token)).first()
    if row is None:
        raise Refused(UNKNOWN)
    _check(row, now)
    return row


@transaction.atomic
def use_phone_login(token: str, *, browser: str, now: datetime) -> User:
    """Uses the code once, also for two phones at the same moment. Raises Refused."""
    row = (
        PhoneLogin.objects.select_for_update(of=["self"]).select_related("user").filter(token_hash=_hash(token)).first()
    )
    if row is None:
        raise Refused(UNKNOWN)
    # The lock: a logout on the web at the same moment comes either before this login or after it.
    Session.objects.select_for_update().filter(session_key=row.session_key).first()
    _check(row, now)
    row.used_at = now
    row.phone = browser_in_words(browser)
    row.save(update_fields=["used_at", "phone"])
    return row.user


def forget_phone_logins(*, now: datetime) -> int:
    return PhoneLogin.objects.filter(expires_at__lt=now - _KEPT).delete()[0]


def _check(row: PhoneLogin, now: datetime) -> None:
    if row.used_at is not None:
        raise Refused(USED)
    if row.expires_at <= now:
        raise Refused(EXPIRED)
    is_running = Session.objects.filter(session_key=row.session_key, expire_date__gt=now).exists()
    is_same = constant_time_compare(row.auth_hash, row.user.get_session_auth_hash())
    if not (is_running and is_same and row.user.is_active):
        raise Refused(ENDED)


def _hash(token: str) -> str:
    """Hashes with a key; since tokens are random, no slow hash is needed against guessing."""
    return blind_index(token, "phone_login")
