"""The second step of a staff login: a code of the authenticator, or adding one at the first login."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import second_step, sessions
from accounts.access import public
from accounts.forms import CodeForm, EnrolForm
from accounts.models import User
from accounts.services import totp
from jxcloud.base.findings import Finding, Refused

from .login import destination, with_next
from .requests import posted
from .security import codes_page, enrolment_page


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def office_code(request: HttpRequest) -> HttpResponse:
    user = second_step.waiting_user(request)
    if user is None:
        return _again(request)
    if not totp.is_enrolled(user):
        return _to(request, "accounts:office_enrol")
    form = CodeForm(posted(request))
    finding = None
    if form.is_valid():
        check = totp.verify(user, form.cleaned_data["code"], now=timezone.now())
        if check.accepted:
            return _enter(request, user, check)
        finding = check.finding
    return _code_page(request, user, form, finding)


def _enter(request: HttpRequest, user: User, check: totp.Check) -> HttpResponse:
    second_step.forget(request)
    if check.codes_left is None:
        sessions.log_in(request, user, method="password+totp")
    else:
        sessions.log_in(request, user, method="password+recovery")
        messages.warning(
            request, f"您用了一个恢复码，还剩{check.codes_left}个。手机丢失的，请在“账号安全”页更换身份验证器。"
        )
    return HttpResponseRedirect(destination(request, user))


def _code_page(request: HttpRequest, user: User, form: CodeForm, finding: Finding | None) -> HttpResponse:
    context = {
        "form": form,
        "refusals": [finding] if finding else [],
        "next": sessions.safe_next(request),
        "name": user.name,
        "demonstration_login": user.login if settings.IS_DEMONSTRATION else "",
    }
    status = 429 if finding and finding.code == "totp.locked" else 400 if form.is_bound else 200
    return render(request, "accounts/office_code.html", context, status=status)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def office_enrol(request: HttpRequest) -> HttpResponse:
    """Staff work with a second factor only: the first login adds it before anything else."""
    user = second_step.waiting_user(request)
    if user is None:
        return _again(request)
    if totp.is_enrolled(user):
        return _to(request, "accounts:office_code")
    form = EnrolForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        secret = second_step.secret_for(request, user)
        try:
            codes = totp.confirm(user, secret=secret, code=form.cleaned_data["code"], now=timezone.now())
        except Refused as refused:
            refusals = refused.findings
        else:
            second_step.forget(request)
            sessions.log_in(request, user, method="password+totp")
            return codes_page(request, codes, next_address=destination(request, user))
    return enrolment_page(request, user, form, refusals)


def _to(request: HttpRequest, page: str) -> HttpResponse:
    return HttpResponseRedirect(with_next(reverse(page), sessions.safe_next(request)))


def _again(request: HttpRequest) -> HttpResponse:
    """Nobody's password was right in this browser lately; or a reload after the login went through."""
    if not request.user.is_authenticated:
        messages.warning(request, "登录没有完成：请重新输入登录名和密码，并在10分钟内输入验证码。")
    return _to(request, "accounts:office_login")
