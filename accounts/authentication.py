"""Passwords checked, with the lockout of django-axes by login and a limit of failures by address (`lockouts`).

An unknown login costs the same time as a wrong password (Django runs the hasher for it) and gets the same answer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth import authenticate
from django.http import HttpRequest

from administration.throttle import give_back, seconds_to_wait
from jxcloud.base.middleware import client_address

from .doors import ADMINISTRATORS
from .enums import Sphere
from .identity import login_of
from .lockouts import FAILURES_OF_ADDRESS
from .models import User


@dataclass(frozen=True)
class Attempt:
    user: User | None
    is_locked: bool = False
    is_throttled: bool = False
    """Too many failures from this address, over whatever logins: nothing was compared."""


def authenticate_person(request: HttpRequest, *, id_number: str, password: str) -> Attempt:
    """`id_number` normalised."""
    return _attempt(request, login_of(id_number), password, {Sphere.PERSON})


def authenticate_staff(request: HttpRequest, *, login: str, password: str) -> Attempt:
    return _attempt(request, login.strip().lower(), password, {Sphere.STAFF, *ADMINISTRATORS})


def verify_password(request: HttpRequest, *, user: User, password: str) -> Attempt:
    """Second verification; shares the lockout with the login."""
    return _attempt(request, user.login, password, {Sphere(user.sphere)})


def _attempt(request: HttpRequest, login: str, password: str, spheres: Collection[Sphere]) -> Attempt:
    address = client_address(request)
    if seconds_to_wait(FAILURES_OF_ADDRESS, address):
        return Attempt(None, is_throttled=True)
    user = authenticate(request, login=login, password=password)
    if isinstance(user, User) and user.sphere in spheres:
        give_back(FAILURES_OF_ADDRESS, address)
        return Attempt(user)
    if user is None and getattr(request, "axes_failures_since_start", None) is None:
        give_back(FAILURES_OF_ADDRESS, address)  # locked before: nothing was compared
    return Attempt(None, bool(getattr(request, "axes_locked_out", False)))
