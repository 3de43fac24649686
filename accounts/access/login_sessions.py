"""Stores sessions as rows: where a user is logged in, one session at a time for staff, ended from elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import SessionEnd, Sphere
from accounts.models import LoginSession, User

from .home_addresses import ADMINISTRATORS

ONE_AT_A_TIME = frozenset({Sphere.STAFF, *ADMINISTRATORS})
KEPT_FOR = timedelta(days=30)


@transaction.atomic
def open_session(user: User, *, key: str, address: str | None, browser: str, now: datetime) -> int:
    """Answers how many sessions elsewhere were ended."""
    ended = 0
    is_exclusive = user.sphere in ONE_AT_A_TIME
    if is_exclusive:
        # The lock: of two logins at once the later one ends the earlier.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        ended = _end(_open(user), SessionEnd.ELSEWHERE, now)
    LoginSession.objects.create(
        user=user,
        session_key=key,
        is_exclusive=is_exclusive,
        started_at=now,
        address=address,
        browser=browser_in_words(browser),
    )
    return ended


@transaction.atomic
def end_sessions(user: User, *, why: SessionEnd, keep: str = "", only: int | None = None) -> int:
    """Ends all sessions of the user except the one with the key `keep`, or only the row `only`."""
    rows = _open(user).exclude(session_key=keep)
    return _end(rows if only is None else rows.filter(pk=only), why, timezone.now())


@transaction.atomic
def end_session(key: str | None, *, why: SessionEnd) -> None:
    if key:
        _end(LoginSession.objects.filter(session_key=key, ended_at__isnull=True), why, timezone.now())


def rename_session(old: str | None, new: str | None) -> None:
    """The session goes on under the new key."""
    LoginSession.objects.filter(session_key=old).update(session_key=new)


def running_sessions(user: User) -> list[LoginSession]:
    """Leaves out those that have expired."""
    rows = list(_open(user).order_by("-pk"))
    alive = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    return [row for row in rows if row.session_key in alive]


def forget_old_sessions(*, now: datetime) -> int:
    return LoginSession.objects.filter(started_at__lt=now - KEPT_FOR).delete()[0]


_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "安卓手机"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """Names the browser so that the owner recognises it; nothing is decided by it."""
    found = [next((words for sign, words in known if sign in user_agent), "") for known in (_SYSTEMS, _BROWSERS)]
    return " · ".join(filter(None, found)) or "其他浏览器"


def _open(user: User) -> QuerySet[LoginSession]:
    return LoginSession.objects.filter(user=user, ended_at__isnull=True)


def _end(rows: QuerySet[LoginSession], why: SessionEnd, now: datetime) -> int:
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return LoginSession.objects.filter(session_key__in=keys, ended_at__isnull=True).update(ended_at=now, ended_why=why)
