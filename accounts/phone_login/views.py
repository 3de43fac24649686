"""Logs in to the phone pages by a QR code of a web session, or by password and the code of an authenticator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.access import audit
from accounts.access.decorators import person_required, public
from accounts.access.requests import person_of
from accounts.login import admission
from accounts.models import User
from administration.throttle import Limit, seconds_to_wait
from common.findings import Refused
from common.web.errors import too_many_requests
from common.web.middleware import client_address

from . import qr_session as codes
from .services import usable_phone_login, use_phone_login

SCANS = Limit("phone_login", 120)
"""The unit is scans from one address, because a building site shares one; a token has 192 bits."""


@person_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone_code(request: HttpRequest) -> HttpResponse:
    """手机扫码办理: shows the code alone. A POST makes a new one."""
    if request.method == "POST":
        codes.renewed(request)
        return HttpResponseRedirect(reverse("accounts:phone_code"))
    return render(
        request, "accounts/phone_code.html", {"person": person_of(request), "phone_code": codes.shown(request)}
    )


@public
@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def qr_login(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks and POST logs in, because programs that preview a link must not use it up."""
    if wait := seconds_to_wait(SCANS, client_address(request)):
        return too_many_requests(request, wait)
    now = timezone.now()
    try:
        if request.method != "POST":
            return _question(request, usable_phone_login(token, now=now).user)
        user = use_phone_login(token, browser=request.headers.get("User-Agent", ""), now=now)
    except Refused as refused:
        if request.method == "POST":
            detail: dict[str, object] = {"method": "qr", "why": refused.findings[0].code}
            audit.record("login.refused", by=None, detail=detail, request=request)
        return render(request, "accounts/qr_login.html", {"refusals": refused.findings}, status=403)
    return admission.admit(request, user, admission.QR)


def _question(request: HttpRequest, user: User) -> HttpResponse:
    other = request.user if isinstance(request.user, User) and request.user.pk != user.pk else None
    return render(request, "accounts/qr_login.html", {"refusals": (), "name": user.name, "other_user": other})
