"""Answers a form whose token is no longer right: what was typed is kept and offered again.

A login in another tab gives the browser a new token, so the pages that were open before carry an old one.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts.models import User
from common.web.errors import API, api_refusal

from . import expired_form
from .destinations import with_next
from .sessions import page_before


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of a page of ours comes again with a new token; what another site sent is never offered."""
    user = request.user
    if request.path_info.startswith(API):
        return api_refusal(403, "request.forbidden", "请求没有通过来源校验。")
    if isinstance(user, User) and _is_from_our_page(request) and expired_form.keep(request, user.pk):
        return HttpResponseRedirect(with_next(reverse("accounts:resume"), page_before(request)))
    return render(request, "403_csrf.html", {"address": page_before(request)}, status=403)


def _is_from_our_page(request: HttpRequest) -> bool:
    """Browsers say where a form came from; scripts of a page read the answer themselves and get the refusal."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    said = [request.headers[name] for name in ("Origin", "Referer") if name in request.headers]
    return all(urlsplit(one).netloc == request.get_host() for one in said)
