"""Decides where a login leads."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from accounts.enums import Sphere
from accounts.models import User

from . import expired_form, sessions
from .home_addresses import home_address


def destination(request: HttpRequest, user: User, *, home: str = "") -> str:
    """The initial password is changed first; then an unfinished page is opened, and then the page that was asked for."""
    address = sessions.safe_next(request)
    if user.must_change_password:
        return with_next(reverse("accounts:password"), address)
    if expired_form.kept_form(request, user) is not None:
        return with_next(reverse("accounts:resume"), address)
    return address or home or home_address(Sphere(user.sphere))


def with_next(page: str, address: str) -> str:
    return f"{page}?{urlencode({'next': address})}" if address else page
