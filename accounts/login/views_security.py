"""账号安全: shows password, one-time password and sessions of the reader's own login."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit, login_sessions, sessions
from accounts.access.decorators import operator_required, person_required, public, signed_in_required
from accounts.access.home_addresses import ADMINISTRATORS, security_address
from accounts.access.requests import posted, user_of
from accounts.access.rights import Right, post_needs
from accounts.credentials import passkeys, reset_waits, second_factor_session, totp
from accounts.credentials.forms import CodeForm, EnrolForm, PasswordEnrolForm, ReplaceForm
from accounts.credentials.lockouts import source_of
from accounts.credentials.selectors import second_factor_of
from accounts.enums import SessionEnd, Sphere
from accounts.models import User
from common.findings import Finding, Refused
from common.web.ids import id_of
from common.web.methods import require_POST

from . import repeated_password

_WITH_PASSWORD = (Sphere.PERSON, Sphere.STAFF, *ADMINISTRATORS)


@person_required
@never_cache
@require_safe
def person_security(request: HttpRequest) -> HttpResponse:
    return _security(request)


@signed_in_required(Sphere.STAFF, *ADMINISTRATORS)
@never_cache
@require_safe
def office_security(request: HttpRequest) -> HttpResponse:
    return _security(request)


@operator_required
@never_cache
@require_safe
def enterprise_security(request: HttpRequest) -> HttpResponse:
    return _security(request)


def _security(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    factor = second_factor_of(user.pk)
    context = {
        "factor": factor,
        "codes_left": totp.recovery_codes_left(user) if factor else 0,
        "may_remove": user.sphere == Sphere.PERSON,
        "passkeys": passkeys.passkeys_of(user.pk) if user.sphere == Sphere.PERSON else [],
        "has_password": user.sphere in _WITH_PASSWORD,
        "running": login_sessions.running_sessions(user),
        "own_key": request.session.session_key,
    }
    return render(request, "accounts/security.html", context)


@signed_in_required()
@post_needs(Right.READ)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Ends all other sessions, or the one session that the form names."""
    user = user_of(request)
    wanted = request.POST.get("session")
    one = id_of(wanted)
    ended = 0
    # What names no session ends none: only a form without that field asks for all of them.
    if wanted is None or one is not None:
        keep = str(request.session.session_key)
        ended = login_sessions.end_sessions(user, why=SessionEnd.EVERYWHERE, keep=keep, only=one)
    audit.record("end_sessions", by=user, about=user, detail={"ended": ended}, request=request)
    messages.success(
        request,
        f"已退出{ended}处登录，只保留这里。" if ended and wanted is None else "已退出。" if ended else "没有其他登录。",
    )
    return redirect(security_address(Sphere(user.sphere)))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest) -> HttpResponse:
    """Answers the seconds left, for the warning before an idle session ends. A POST says that the reader is still
    there.
    """
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({"seconds": 0})
    if request.method == "POST":
        sessions.renew(request)
    left, _ = sessions.time_left(request, user)
    return JsonResponse({"seconds": int(left.total_seconds())})


@signed_in_required(*_WITH_PASSWORD)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Adds an authenticator, or replaces the former one, which is proven on the same page."""
    user = user_of(request)
    replaces = totp.is_enrolled(user)
    if not replaces and user.sphere == Sphere.PERSON and not sessions.is_verified(request):
        # A password alone must not make a second factor.
        return redirect(f"{reverse('accounts:mobile_verify')}?next={reverse('accounts:totp')}")
    form = _enrol_form(request, user, replaces=replaces)
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            codes = _enrol(request, user, form)
        except Refused as refused:
            refusals = refused.findings
        else:
            return codes_page(request, codes, next_address=security_address(Sphere(user.sphere)))
    return enrolment_page(request, user, form, refusals, replaces=replaces)


def _enrol_form(request: HttpRequest, user: User, *, replaces: bool) -> EnrolForm:
    if replaces:
        return ReplaceForm(posted(request))
    asks_password = user.sphere == Sphere.PERSON and repeated_password.is_asked(request)
    return (PasswordEnrolForm if asks_password else EnrolForm)(posted(request))


def _enrol(request: HttpRequest, user: User, form: EnrolForm) -> list[str]:
    now = timezone.now()
    if "current" in form.fields:
        proven = totp.verify(user, form.cleaned_data["current"], now=now, source=source_of(request, user.login))
        if proven.finding is not None:
            raise Refused(proven.finding)
    if "password" in form.fields:
        repeated_password.check(request, user, form.cleaned_data["password"])
    codes = totp.confirm(
        user,
        secret=second_factor_session.secret_for(request, user),
        code=form.cleaned_data["code"],
        now=now,
        is_confirmed=reset_waits.is_confirmed(request),
    )
    second_factor_session.forget(request)
    return codes


def enrolment_page(
    request: HttpRequest, user: User, form: EnrolForm, refusals: tuple[Finding, ...], *, replaces: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "refusals": refusals,
        "replaces": replaces,
        "enrolment": totp.enrolment(user, second_factor_session.secret_for(request, user)),
        "next": sessions.safe_next(request),
        "cancel_url": security_address(Sphere(user.sphere)) if request.user.is_authenticated else "",
    }
    return render(request, "accounts/totp_enrol.html", context, status=400 if form.is_bound else 200)


def codes_page(request: HttpRequest, codes: list[str], *, next_address: str) -> HttpResponse:
    """The page shows the codes this once, since only their hashes are stored."""
    return render(request, "accounts/totp_codes.html", {"codes": codes, "next": next_address})


@signed_in_required(*_WITH_PASSWORD)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_codes(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form, refusals = _proven(request, user)
    if form.is_valid() and not refusals:
        return codes_page(request, totp.renew_recovery_codes(user), next_address=security_address(Sphere(user.sphere)))
    return _proof_page(request, user, form, refusals, "重新生成恢复码", "原来的恢复码将全部作废。", "生成新的恢复码")


@person_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    # Whoever has lost both authenticator and recovery codes uses this way.
    by_counter = sessions.verified_by(request) == "counter_code"
    form, refusals = _proven(request, user, asks_code=not by_counter)
    if form.is_valid() and not refusals:
        totp.remove(user)
        messages.success(request, "动态口令已停用。")
        return redirect("accounts:person_security")
    lead = "停用后，登录和在手机端办理时不再询问动态口令，也不能再用它验证身份。"
    counter_url = "" if by_counter else f"{reverse('accounts:mobile_verify')}?next={reverse('accounts:totp_remove')}"
    return _proof_page(request, user, form, refusals, "停用动态口令", lead, "停用", counter_url=counter_url)


def _proven(request: HttpRequest, user: User, *, asks_code: bool = True) -> tuple[forms.Form, tuple[Finding, ...]]:
    if not asks_code:
        return forms.Form(posted(request)), ()
    form = CodeForm(posted(request))
    if not form.is_valid():
        return form, ()
    source = source_of(request, user.login)
    finding = totp.verify(user, form.cleaned_data["code"], now=timezone.now(), source=source).finding
    return form, (finding,) if finding else ()


def _proof_page(
    request: HttpRequest,
    user: User,
    form: forms.Form,
    refusals: tuple[Finding, ...],
    title: str,
    lead: str,
    label: str,
    *,
    counter_url: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "refusals": refusals,
        "title": title,
        "lead": lead,
        "submit_label": label,
        "counter_url": counter_url,
        "cancel_url": security_address(Sphere(user.sphere)),
    }
    return render(request, "accounts/totp_proof.html", context, status=400 if form.is_bound else 200)
