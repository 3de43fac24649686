"""Checks passwords and counts failures by login and source, and by address over all logins (`lockouts`).

An unknown login costs the same time as a wrong password (Django runs the hasher for it) and gets the same answer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import audit
from accounts.access.home_addresses import ADMINISTRATORS
from accounts.enums import Sphere
from accounts.models import User
from accounts.people.identity import login_of
from administration.throttle import give_back, seconds_to_wait
from common.web.middleware import client_address

from . import lockouts
from .lockouts import FAILURES_OF_ADDRESS


@dataclass(frozen=True)
class Attempt:
    """If `is_throttled`, nothing was compared, because there were too many failures from this address over all logins."""

    user: User | None
    wait_until: datetime | None = None
    is_compared: bool = True
    is_throttled: bool = False

    @property
    def is_locked(self) -> bool:
        return self.wait_until is not None


def authenticate_person(request: HttpRequest, *, id_number: str, password: str) -> Attempt:
    """`id_number` is normalised."""
    return _attempt(request, login_of(id_number), password, {Sphere.PERSON})


def staff_login(typed: str) -> str:
    return typed.strip().lower()


def authenticate_staff(request: HttpRequest, *, login: str, password: str) -> Attempt:
    """A right password counts as a failure until `staff_came_in`; otherwise the counts would tell that it was right."""
    return _attempt(request, staff_login(login), password, {Sphere.STAFF, *ADMINISTRATORS}, is_half=True)


def staff_came_in(request: HttpRequest, user: User) -> None:
    """The code was right too, so the failures of this source are forgotten."""
    source = lockouts.source_of(request, user.login)
    lockouts.forget(source)
    lockouts.give_back_everywhere(source, lockouts.PASSWORD)
    give_back(FAILURES_OF_ADDRESS, client_address(request))


def verify_password(request: HttpRequest, *, user: User, password: str) -> Attempt:
    """Checks the password of a second verification, which shares the lockout with the login."""
    return _attempt(request, user.login, password, {Sphere(user.sphere)})


def _attempt(
    request: HttpRequest, login: str, password: str, spheres: Collection[Sphere], *, is_half: bool = False
) -> Attempt:
    address, now = client_address(request), timezone.now()
    if seconds_to_wait(FAILURES_OF_ADDRESS, address):
        return Attempt(None, is_compared=False, is_throttled=True)
    attempt = lockouts.begin(lockouts.source_of(request, login), lockouts.PASSWORD, now=now)
    if attempt.wait_until:
        give_back(FAILURES_OF_ADDRESS, address)  # nothing is compared
        audit.note_failed_login(None, credentials={"login": login}, request=request)
        return Attempt(None, attempt.wait_until, is_compared=False)
    user = authenticate(request, login=login, password=password)
    is_right = isinstance(user, User) and user.sphere in spheres
    if is_right and not is_half:
        give_back(FAILURES_OF_ADDRESS, address)
        attempt.succeed()
    else:
        wait_until = attempt.fail(now)
        if wait_until and not is_right:
            lockouts.tell_once(login, now=now)
        if not is_right:
            return Attempt(None, wait_until)
    return Attempt(user if isinstance(user, User) else None)
