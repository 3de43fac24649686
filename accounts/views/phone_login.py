"""Into the phone pages by a QR code of one's web session, or by password and the code of an authenticator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import audit, second_step, sessions
from accounts import phone_code as codes
from accounts.access import person_required, public
from accounts.enums import Sphere
from accounts.forms import CodeForm
from accounts.lockouts import source_of
from accounts.models import User
from accounts.services import totp
from accounts.services.phone_logins import usable_phone_login, use_phone_login
from accounts.verification.standing import may_use_totp
from administration.throttle import Limit, seconds_to_wait
from jxcloud.base.errors import too_many_requests
from jxcloud.base.findings import Finding, Refused
from jxcloud.base.middleware import client_address

from .login import destination, with_next
from .requests import person_of, posted
from .verification import HOME

SCANS = Limit("phone_login", 120)
"""By address: a building site shares one, and a token has 192 bits."""


@person_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone_code(request: HttpRequest) -> HttpResponse:
    """手机扫码办理: the code alone. POST makes a new one."""
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
    """GET asks, POST logs in: programs that preview a link must not use it up."""
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
    sessions.log_in(request, user, method="qr")
    return HttpResponseRedirect(destination(request, user, home=HOME))


def _question(request: HttpRequest, user: User) -> HttpResponse:
    other = request.user if isinstance(request.user, User) and request.user.pk != user.pk else None
    return render(request, "accounts/qr_login.html", {"refusals": (), "name": user.name, "other_user": other})


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def mobile_code(request: HttpRequest) -> HttpResponse:
    """The second step of a phone login by password, for who has an authenticator."""
    user = second_step.waiting_user(request)
    if user is None or user.sphere != Sphere.PERSON or not totp.is_enrolled(user):
        messages.warning(request, "登录没有完成：请重新输入身份证号码和密码，并在10分钟内输入验证码。")
        return redirect(with_next(reverse("accounts:mobile_login"), sessions.safe_next(request)))
    form = CodeForm(posted(request))
    finding = None
    if form.is_valid():
        source = source_of(request, user.login)
        check = totp.verify(user, form.cleaned_data["code"], now=timezone.now(), source=source)
        if check.accepted:
            return _enter(request, user, check)
        finding = check.finding
    return _code_page(request, user, form, finding)


def _enter(request: HttpRequest, user: User, check: totp.Check) -> HttpResponse:
    second_step.forget(request)
    by_recovery = check.codes_left is not None
    sessions.log_in(request, user, method="password+recovery" if by_recovery else "password+totp")
    if by_recovery:
        messages.warning(request, f"您用了一个恢复码，还剩{check.codes_left}个。")
    elif may_use_totp(user.person):
        # Just shown: asking for the next code at once would prove nothing more.
        sessions.mark_verified(request, method="totp")
    return HttpResponseRedirect(destination(request, user, home=HOME))


def _code_page(request: HttpRequest, user: User, form: CodeForm, finding: Finding | None) -> HttpResponse:
    context = {
        "form": form,
        "refusals": [finding] if finding else [],
        "next": sessions.safe_next(request),
    }
    status = 429 if finding and finding.code == "totp.locked" else 400 if form.is_bound else 200
    return render(request, "accounts/mobile_code.html", context, status=status)
