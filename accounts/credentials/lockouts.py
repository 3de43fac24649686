"""Limits guessing: whoever fails too often has to wait, and nobody else does (docs/adr/0013).

Failures of a login are counted where they come from: for a browser that this login is known to use, by that browser; for
all others by their network. Five of them close the login to that source for a quarter of an hour. Beside it the failures
of a login from everywhere are counted over a day: beyond twenty an unknown source has two tries a day instead of five a
quarter of an hour, which bounds what a thousand addresses can try together. Known browsers are never counted in it.

A login that nobody has is counted in the same way. Neither a login nor a source can be read from what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.access.known_browsers import device_of
from accounts.access.notifications import tell_owner
from accounts.models import LoginFailures, User
from administration.throttle import Limit
from common.encryption import blind_index
from common.web.middleware import client_address, networks_of

FAILURES_OF_ADDRESS = Limit("login_failures", 200)
"""The unit is failures in ten minutes; a town hall or a building site behind one address stays below. Guesses at a
locked login are not counted, so that nobody can lock out their neighbours by attacking one account.
"""
TOLD_EVERY = timedelta(hours=24)

PASSWORD, CODE = "password", "code"
TRIES, LOCKED_FOR = 5, timedelta(minutes=15)
MANY, DAY = 20, timedelta(days=1)
TRIES_WHEN_MANY = 2
FLOOD = 200
"""Beyond this number of failures an unknown source cannot use a code of six digits any more, only a recovery code
(`credentials.totp`).
"""
TRIES_OF_DEVICE = 20
"""The unit is tries in a day over all networks; beyond them a cookie that may be stolen is worth nothing."""
WIDER = 4
"""One customer of a provider may hold a whole /48, which therefore has this multiple of the tries of a /64."""
_EVERYWHERE = ""


@dataclass(frozen=True)
class Source:
    """Names where an attempt at a login comes from; everything in it is hashed."""

    login: str
    networks: tuple[str, ...]
    device: str = ""


@dataclass(frozen=True)
class Try:
    """Is an attempt that is counted before anything is compared. If `wait_until` is set, nothing may be compared now."""

    source: Source
    kind: str
    places: tuple[str, ...]
    is_trusted: bool
    is_last: bool = False
    is_flooded: bool = False
    wait_until: datetime | None = None

    def fail(self, now: datetime) -> datetime | None:
        """Answers until when this source has to wait, if that was its last try."""
        if self.is_trusted:
            _count(self.source.login, self.source.device, self.kind, None, DAY, now)
        else:
            _count(self.source.login, _EVERYWHERE, self.kind, None, DAY, now)
        return _waits_until(self, now) if self.is_last else None

    def succeed(self) -> None:
        places = [*self.places, self.source.device] if self.is_trusted else self.places
        _rows(self.source.login, self.kind).filter(source__in=places).delete()

    def give_back(self) -> None:
        """Takes back the count of an attempt that was no guess."""
        rows = _rows(self.source.login, self.kind).filter(source__in=self.places, times__gt=0)
        rows.update(times=F("times") - 1)


def source_of(request: HttpRequest, login: str) -> Source:
    address = client_address(request)
    networks = tuple(_index(login, network) for network in networks_of(address))
    device = device_of(request, login)
    return Source(_login_index(login), networks, _index(login, f"device:{device}") if device else "")


def shared_source(login: str) -> Source:
    """Answers the source for a caller that does not know where an attempt comes from."""
    return Source(_login_index(login), (_index(login, "shared"),))


def begin(source: Source, kind: str, *, now: datetime) -> Try:
    """Counts the attempt. The caller compares only if `wait_until` is None, and then says how it went."""
    everywhere = _times(source.login, _EVERYWHERE, kind, now)
    is_trusted = bool(source.device) and _times(source.login, source.device, kind, now) < TRIES_OF_DEVICE
    if is_trusted:
        # The source contains the network, so that a thief of the cookie cannot use up the tries of its owner.
        places = {_index(source.device, source.networks[0]): TRIES}
    else:
        tries = TRIES if everywhere < MANY else TRIES_WHEN_MANY
        places = {place: tries * WIDER**step for step, place in enumerate(source.networks)}
    window = LOCKED_FOR if is_trusted or everywhere < MANY else DAY
    attempt = Try(source, kind, tuple(places), is_trusted, is_flooded=not is_trusted and everywhere >= FLOOD)
    is_last = False
    for place, tries in places.items():
        times = _count(source.login, place, kind, tries, window, now)
        if times is None:
            return Try(source, kind, tuple(places), is_trusted, wait_until=_waits_until(attempt, now) or now + window)
        is_last = is_last or times >= tries
    return Try(source, kind, attempt.places, is_trusted, is_last, attempt.is_flooded)


def forget(source: Source) -> None:
    """Deletes the failures of this source after a successful login."""
    trusted = [source.device, _index(source.device, source.networks[0])] if source.device else []
    LoginFailures.objects.filter(login=source.login, source__in=[*source.networks, *trusted]).delete()


def give_back_everywhere(source: Source, kind: str) -> None:
    """Takes back one attempt that was counted as a failure before its result was known."""
    _rows(source.login, kind).filter(source=_EVERYWHERE, times__gt=0).update(times=F("times") - 1)


def lift(login: str) -> None:
    """Deletes everything that was counted for a login whose owner has been identified."""
    LoginFailures.objects.filter(login=_login_index(login)).delete()


def forget_failures(*, now: datetime) -> int:
    return LoginFailures.objects.filter(until__lte=now).delete()[0]


def clock_of(moment: datetime) -> str:
    """Gives the time of day, with the day if that is not today."""
    local = timezone.localtime(moment)
    words = f"{local:%H:%M}"
    return words if local.date() == timezone.localdate() else f"{local.month}月{local.day}日 {words}"


def tell_once(login: str, *, now: datetime) -> None:
    due = Q(locked_at__isnull=True) | Q(locked_at__lt=now - TOLD_EVERY)
    # One statement decides, so that of two guesses at once only one tells the owner.
    if not User.objects.filter(due, login=login).update(locked_at=now):
        return
    user = User.objects.select_related("office").get(login=login)
    tell_owner(
        user,
        "有人连续输错密码",
        "输错的那台设备或那个网络暂时不能再试，您常用的浏览器和其他网络不受影响。是您本人忘记密码的，请按登录页的说明重置；"
        "不是您本人的，请登录后修改密码，并启用动态口令。这类提醒每天最多一条。",
    )


def _rows(login: str, kind: str) -> QuerySet[LoginFailures]:
    return LoginFailures.objects.filter(login=login, kind=kind)


def _times(login: str, source: str, kind: str, now: datetime) -> int:
    rows = _rows(login, kind).filter(source=source, until__gt=now)
    return rows.values_list("times", flat=True).first() or 0


def _waits_until(attempt: Try, now: datetime) -> datetime | None:
    rows = _rows(attempt.source.login, attempt.kind).filter(source__in=attempt.places, until__gt=now)
    return rows.order_by("-times", "-until").values_list("until", flat=True).first()


def _count(login: str, source: str, kind: str, at_most: int | None, window: timedelta, now: datetime) -> int | None:
    """Answers the number of this attempt, or None if no more are allowed. One statement counts, so that attempts at
    the same moment are all counted.

    The window begins with the first attempt, and anew with the last one that is allowed.
    """
    table = LoginFailures._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS known (login, source, kind, times, until) "  # noqa: S608
            "VALUES (%(login)s, %(source)s, %(kind)s, 1, %(end)s) ON CONFLICT (login, source, kind) DO UPDATE SET "
            "times = CASE WHEN known.until <= %(now)s THEN 1 ELSE known.times + 1 END, "
            "until = CASE WHEN known.until <= %(now)s OR known.times + 1 >= %(most)s THEN %(end)s ELSE known.until END "
            "WHERE known.until <= %(now)s OR %(most)s IS NULL OR known.times < %(most)s RETURNING times",
            {"login": login, "source": source, "kind": kind, "most": at_most, "now": now, "end": now + window},
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _login_index(login: str) -> str:
    return blind_index(login, "login_failures")


def _index(login: str, source: str) -> str:
    return blind_index(f"{login}:{source}", "login_source")
