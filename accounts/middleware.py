from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from .models import User
from .sessions import forget_former, remember_former

GetResponse = Callable[[HttpRequest], HttpResponse]

_OPEN_BEFORE_CHANGE = frozenset({"accounts:password", "accounts:logout", "healthz", "readyz"})


class AccountsMiddleware:
    """An initial password is changed before anything else; the browser remembers whose login it last had."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "just_logged_in", None)
        if user is not None:
            remember_former(response, user)
        elif getattr(request, "just_logged_out", False):
            forget_former(response)
        return response

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
