"""Shows the second step of a staff login: a code of the authenticator, or adding one at the first login."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import sessions
from accounts.access.decorators import public
from accounts.access.destinations import destination, onward
from accounts.access.home_addresses import ADMINISTRATORS
from accounts.access.requests import posted
from accounts.credentials import second_factor_session, totp
from accounts.credentials.forms import CodeForm, EnrolForm
from accounts.credentials.lockouts import TRIES, source_of
from accounts.credentials.password import staff_came_in
from accounts.enums import Sphere
from accounts.models import User
from common.findings import Cure, Finding, Refused

from . import admission
from .views_security import codes_page, enrolment_page

_FAILED = Finding(
    "login.failed",
    "登录名、密码或验证码不正确",
    "请等身份验证器显示下一个验证码再试，每个验证码只能用一次；仍不成功的，请返回重新输入登录名和密码。"
    f"连续输错{TRIES}次，这里要等15分钟才能再试。",
    cure=Cure("重新输入登录名和密码", "accounts:office_login"),
)
"""One sentence serves for all three: a guesser must not learn from the code that the password was right
(docs/adr/0013).
"""


_SPHERES = frozenset({Sphere.STAFF, *ADMINISTRATORS})


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def office_code(request: HttpRequest) -> HttpResponse:
    waiting = second_factor_session.waiting(request, spheres=_SPHERES)
    if waiting is None:
        return _again(request)
    user = waiting.user
    if user is not None and not totp.is_enrolled(user):
        return onward(request, "accounts:office_enrol")
    form = CodeForm(posted(request))
    finding = None
    if form.is_valid():
        source, now = source_of(request, waiting.login), timezone.now()
        check = totp.verify(user, form.cleaned_data["code"], now=now, source=source) if user else None
        if user is not None and check is not None and check.accepted:
            return _enter(request, user, check)
        check = check or totp.refuse(source, now=now)
        finding = check.finding if check.is_locked else _FAILED
    return _code_page(request, waiting.login, form, finding)


def _enter(request: HttpRequest, user: User, check: totp.Check) -> HttpResponse:
    second_factor_session.forget(request)
    staff_came_in(request, user)
    sessions.log_in(request, user, method="password+totp" if check.codes_left is None else "password+recovery")
    if check.codes_left is not None:
        admission.warn_of_recovery(request, check.codes_left, "手机丢失的，请在“账号安全”页更换身份验证器。")
    return HttpResponseRedirect(destination(request, user))


def _code_page(request: HttpRequest, login: str, form: CodeForm, finding: Finding | None) -> HttpResponse:
    context = {
        "form": form,
        "refusals": [finding] if finding else [],
        "next": sessions.safe_next(request),
        "demonstration_login": login if settings.IS_DEMONSTRATION else "",
    }
    return render(request, "accounts/office_code.html", context, status=admission.code_status(request, finding))


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def office_enrol(request: HttpRequest) -> HttpResponse:
    """Staff work with a second factor only, so the first login adds it before anything else."""
    waiting = second_factor_session.waiting(request, spheres=_SPHERES)
    user = waiting.user if waiting else None
    if user is None:
        return _again(request)
    if totp.is_enrolled(user):
        return onward(request, "accounts:office_code")
    form = EnrolForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        secret = second_factor_session.secret_for(request, user)
        try:
            codes = totp.confirm(user, secret=secret, code=form.cleaned_data["code"], now=timezone.now())
        except Refused as refused:
            refusals = refused.findings
        else:
            second_factor_session.forget(request)
            staff_came_in(request, user)
            sessions.log_in(request, user, method="password+totp")
            return codes_page(request, codes, next_address=destination(request, user))
    return enrolment_page(request, user, form, refusals)


def _again(request: HttpRequest) -> HttpResponse:
    """No password was right in this browser lately, or the page was loaded again after the login."""
    if not request.user.is_authenticated:
        messages.warning(request, "登录没有完成：请重新输入登录名和密码，并在10分钟内输入验证码。")
    return onward(request, "accounts:office_login")
