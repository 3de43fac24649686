"""Decides where a login leads."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
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


def onward(request: HttpRequest, page: str) -> HttpResponseRedirect:
    """Leads to a page by its URL name; from there it goes on to the page that was asked for."""
    return HttpResponseRedirect(with_next(reverse(page), sessions.safe_next(request)))


def with_next(page: str, address: str) -> str:
    return f"{page}?{urlencode({'next': address})}" if address else page
