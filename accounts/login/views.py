"""Shows the login pages, logs out, changes passwords, and shows forms whose login expired."""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import expired_form, sessions
from accounts.access.decorators import public, signed_in_required
from accounts.access.destinations import destination, with_next
from accounts.access.home_addresses import ADMINISTRATORS, home_address
from accounts.access.requests import posted, user_of
from accounts.access.rights import Right, post_needs
from accounts.credentials import second_factor_session
from accounts.credentials.lockouts import clock_of
from accounts.credentials.password import (
    Attempt,
    authenticate_person,
    authenticate_staff,
    staff_login,
    verify_password,
)
from accounts.credentials.passwords import change_password
from accounts.enums import Sphere
from accounts.models import User
from accounts.people.rules import password_help
from common.findings import Cure, Finding, Refused
from common.web.methods import require_POST

from . import admission
from .forms import InitialPasswordForm, PasswordForm, PersonLoginForm, StaffLoginForm

_POINTS = Cure("查看登记地点", "accounts:registration_points")
_LOCKED = "连续输错次数过多，这里暂时不能登录这个账号"
_ELSEWHERE = "请在{clock}以后再试；您常用的浏览器和其他网络不受影响。"
_PERSON_FAILED = Finding(
    "login.failed", "身份证号码或密码不正确", "请核对后重新输入。连续输错5次，这里要等15分钟才能再试。"
)
_PERSON_LOCKED = Finding(
    "login.locked",
    _LOCKED,
    f"{_ELSEWHERE}忘记密码的，请本人携带身份证到登记点重置密码，重置后立即可以登录。",
    turn="本人",
    cure=_POINTS,
)
_STAFF_LOCKED = Finding(
    "login.locked",
    _LOCKED,
    f"{_ELSEWHERE}着急的，请安全管理员解锁。忘记密码的，请联系系统管理员重置。",
    turn="系统管理员",
)
_THROTTLED = Finding(
    "login.throttled",
    "您所在网络的登录失败次数过多，暂时不能登录",
    "同一网络10分钟内有200次登录失败。请10分钟后再试，或换一个网络（例如手机流量）。您的账号没有被锁定。",
)


@public
@never_cache
@sensitive_post_parameters("password", "id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    return _person_login(request, "accounts/login.html", admission.WEB)


@public
@never_cache
@sensitive_post_parameters("password", "id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def mobile_login(request: HttpRequest) -> HttpResponse:
    return _person_login(request, "accounts/mobile_login.html", admission.PHONE)


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def office_login(request: HttpRequest) -> HttpResponse:
    user = _logged_in_as(request, {Sphere.STAFF, *ADMINISTRATORS})
    if user is not None:
        return HttpResponseRedirect(destination(request, user))
    form = StaffLoginForm(posted(request))
    if not form.is_valid():
        return _login_page(request, "accounts/office_login.html", form)
    attempt = authenticate_staff(request, login=form.cleaned_data["login"], password=form.cleaned_data["password"])
    if not attempt.is_compared:
        refusal = _refusal(attempt, _STAFF_LOCKED, _STAFF_LOCKED)
        return _login_page(request, "accounts/office_login.html", form, refusal)
    if request.user.is_authenticated:
        sessions.log_out(request)
    # After a wrong password too: which of the two was wrong is not said (docs/adr/0013).
    second_factor_session.begin(request, attempt.user, login=staff_login(form.cleaned_data["login"]))
    return HttpResponseRedirect(with_next(reverse("accounts:office_code"), sessions.safe_next(request)))


def _person_login(request: HttpRequest, template: str, door: admission.Door) -> HttpResponse:
    user = _logged_in_as(request, {Sphere.PERSON})
    if user is not None:
        return HttpResponseRedirect(destination(request, user, home=door.home))
    form = PersonLoginForm(posted(request))
    if not form.is_valid():
        return _login_page(request, template, form)
    attempt = authenticate_person(
        request, id_number=form.cleaned_data["id_number"], password=form.cleaned_data["password"]
    )
    if attempt.user is None:
        return _login_page(request, template, form, person_refusal(attempt))
    return admission.admit(request, attempt.user, door)


def person_refusal(attempt: Attempt) -> Finding:
    return _refusal(attempt, _PERSON_FAILED, _PERSON_LOCKED)


def _logged_in_as(request: HttpRequest, spheres: set[Sphere]) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.sphere in spheres else None


def _refusal(attempt: Attempt, failed: Finding, locked: Finding) -> Finding:
    if attempt.is_throttled:
        return _THROTTLED
    if attempt.wait_until is None:
        return failed
    return replace(locked, detail=locked.detail.format(clock=clock_of(attempt.wait_until)))


def _login_page(request: HttpRequest, template: str, form: forms.Form, refusal: Finding | None = None) -> HttpResponse:
    context = {
        "form": form,
        "refusals": [refusal] if refusal else [],
        "next": sessions.safe_next(request),
        "other_user": request.user if isinstance(request.user, User) else None,
    }
    status = 429 if refusal and refusal.code in ("login.locked", "login.throttled") else 400 if form.is_bound else 200
    return render(request, template, context, status=status)


@public
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    sessions.log_out(request)
    messages.success(request, "您已安全退出。在公用电脑上，请关闭浏览器窗口。")
    return redirect("/")


@signed_in_required(Sphere.PERSON, Sphere.STAFF, *ADMINISTRATORS)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form_class = InitialPasswordForm if user.must_change_password else PasswordForm
    form = form_class(posted(request), rules=password_help(user))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid() and _knows_password(request, user, form):
        try:
            change_password(user, form.cleaned_data["new_password"], now=timezone.now())
        except Refused as refused:
            refusals = refused.findings
        else:
            sessions.keep_after_password_change(request, user)
            messages.success(request, "密码已修改，下次请用新密码登录。")
            return HttpResponseRedirect(destination(request, user))
    context = {"form": form, "refusals": refusals, "next": sessions.safe_next(request), "user": user}
    return render(request, "accounts/password.html", context, status=400 if form.is_bound else 200)


def _knows_password(request: HttpRequest, user: User, form: InitialPasswordForm) -> bool:
    """Shares the lockout with the login, so that nobody can guess in a session left open."""
    if "old_password" not in form.fields:
        return True
    attempt = verify_password(request, user=user, password=form.cleaned_data["old_password"])
    if attempt.user is None:
        sentence = "现在的密码不正确，请重新输入。"
        if attempt.wait_until:
            sentence = f"输错次数过多，请在{clock_of(attempt.wait_until)}以后再试。"
        elif attempt.is_throttled:
            sentence = "您所在网络的登录失败次数过多，请10分钟后再试。"
        form.add_error("old_password", sentence)
    return attempt.user is not None


@signed_in_required()
@post_needs(Right.READ)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume_form(request: HttpRequest) -> HttpResponse:
    """Shows what was typed before the login expired; a POST deletes it."""
    user = user_of(request)
    address = sessions.safe_next(request) or home_address(Sphere(user.sphere))
    kept = expired_form.kept_form(request, user)
    if request.method == "POST" or kept is None:
        expired_form.forget(request)
        return HttpResponseRedirect(address)
    return render(request, "accounts/resume.html", {"kept": kept, "next": address})
