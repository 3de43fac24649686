"""Passwords checked, with the lockout of django-axes by login.

An unknown login costs the same time as a wrong password (Django runs the hasher for it) and gets the same answer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth import authenticate
from django.http import HttpRequest

from .doors import ADMINISTRATORS
from .enums import Sphere
from .identity import login_of
from .models import User


@dataclass(frozen=True)
class Attempt:
    user: User | None
    is_locked: bool = False


def authenticate_person(request: HttpRequest, *, id_number: str, password: str) -> Attempt:
    """`id_number` normalised."""
    return _attempt(request, login_of(id_number), password, {Sphere.PERSON})


def authenticate_staff(request: HttpRequest, *, login: str, password: str) -> Attempt:
    return _attempt(request, login.strip().lower(), password, {Sphere.STAFF, *ADMINISTRATORS})


def verify_password(request: HttpRequest, *, user: User, password: str) -> Attempt:
    """Second verification; shares the lockout with the login."""
    return _attempt(request, user.login, password, {Sphere(user.sphere)})


def _attempt(request: HttpRequest, login: str, password: str, spheres: Collection[Sphere]) -> Attempt:
    user = authenticate(request, login=login, password=password)
    if not isinstance(user, User) or user.sphere not in spheres:
        return Attempt(None, bool(getattr(request, "axes_locked_out", False)))
    return Attempt(user)
