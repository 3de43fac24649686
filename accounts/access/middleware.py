"""Ends sessions that are idle or old and sends users with an initial password to the page that changes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts.access.known_browsers import remember
from accounts.enums import Sphere
from accounts.models import User
from administration.lookups.limits import TooManyLookups

from .sessions import end_if_due, forget_former, idle_limit, remember_former, renew, why_ended

GetResponse = Callable[[HttpRequest], HttpResponse]

_RENEWED_EVERY = timedelta(minutes=1)
_OPEN_BEFORE_CHANGE = frozenset({"accounts:session", "accounts:password", "accounts:logout", "healthz", "readyz"})


class AccountsMiddleware:
    """Sessions end when idle or old, and the browser is told why; an initial password is changed before anything
    else; the browser remembers whose login it last had.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._look_at_clocks(request)
        response = self.get_response(request)
        user = getattr(request, "just_logged_in", None)
        if user is not None:
            remember_former(response, user)
            if user.sphere != Sphere.OPERATOR:  # who have no password
                remember(request, response, user)
        elif getattr(request, "just_logged_out", False):
            forget_former(response)
        return response

    def _look_at_clocks(self, request: HttpRequest) -> None:
        user = request.user
        if isinstance(user, User) and not end_if_due(request, user):
            request.idle_limit = idle_limit(user)  # type: ignore[attr-defined]  # for the page
            # A request that the page makes by itself does not show that its reader is there.
            if request.headers.get("X-Requested-With") != "fetch":
                renew(request, after=_RENEWED_EVERY)
        elif request.session.session_key is None and (reason := why_ended(request)):
            messages.warning(request, reason)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooManyLookups):
            return None
        answer = render(request, "429.html", {"refusals": error.findings}, status=429)
        answer["Retry-After"] = str(error.retry_after)
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is not None and match.view_name in _OPEN_BEFORE_CHANGE:
            return None
        user = request.user
        if not (isinstance(user, User) and user.must_change_password):
            return None
        address = reverse("accounts:password")
        if request.method in ("GET", "HEAD"):
            address += "?" + urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(address)
