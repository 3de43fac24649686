"""Shows the second step of a person's login: a code of the authenticator, or one from the counter instead."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import sessions
from accounts.access.decorators import public
from accounts.access.destinations import onward
from accounts.access.home_addresses import PHONE_PAGES
from accounts.access.requests import posted
from accounts.credentials import reset_waits, second_factor_session, totp
from accounts.credentials.forms import CodeForm
from accounts.credentials.lockouts import source_of
from accounts.enums import Sphere
from accounts.models import User
from accounts.verification.assurance import face_suffices
from accounts.verification.available_methods import may_use_totp
from accounts.verification.counter_codes import use_counter_code
from accounts.verification.forms import CounterCodeForm
from accounts.verification.views import WRONG_CODE, wait_for_codes
from common.findings import Finding
from common.web.errors import too_many_requests

from . import admission

_START = {
    admission.WEB.name: "accounts:login",
    admission.FACE.name: "accounts:face_login",
    admission.PASSWORD_AND_FACE.name: "accounts:face_login",
    admission.RESET.name: "accounts:face_reset",
}


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def person_code(request: HttpRequest) -> HttpResponse:
    waiting = second_factor_session.waiting(request, spheres={Sphere.PERSON})
    door = admission.DOORS.get(waiting.door) if waiting else None
    user = waiting.user if waiting else None
    if user is None or door is None or not admission.needs_second_step(user, door):
        return _again(request, door)
    by_counter = "counter-code" in request.POST
    form = CodeForm(None if by_counter else posted(request))
    counter_form = CounterCodeForm(posted(request) if by_counter else None, prefix="counter")
    finding = None
    if counter_form.is_valid():
        if wait := wait_for_codes(request, user):
            return too_many_requests(request, wait)
        if use_counter_code(user.person, counter_form.cleaned_data["code"], now=timezone.now()):
            return admission.finish(request, user, door, factor=reset_waits.COUNTER_CODE)
        finding = WRONG_CODE
    elif form.is_valid() and _takes_totp(user, door):
        check = totp.verify(user, form.cleaned_data["code"], now=timezone.now(), source=source_of(request, user.login))
        if check.accepted:
            factor = reset_waits.TOTP if check.codes_left is None else admission.RECOVERY
            return admission.finish(request, user, door, factor=factor, codes_left=check.codes_left or 0)
        finding = check.finding
    return _page(request, user, door, form, counter_form, finding)


def _takes_totp(user: User, door: admission.Door) -> bool:
    """An authenticator that was added with the password alone must not let a face suffice for a new password."""
    if door.resets_password and not face_suffices() and not may_use_totp(user.person):
        return False
    return totp.is_enrolled(user)


def _page(
    request: HttpRequest,
    user: User,
    door: admission.Door,
    form: CodeForm,
    counter_form: CounterCodeForm,
    finding: Finding | None,
) -> HttpResponse:
    context = {
        "form": form,
        "counter_form": counter_form,
        "takes_totp": _takes_totp(user, door),
        "is_reset": door.resets_password,
        "refusals": [finding] if finding else [],
        "next": sessions.safe_next(request),
    }
    return render(request, "accounts/person_code.html", context, status=admission.code_status(request, finding))


def _again(request: HttpRequest, door: admission.Door | None) -> HttpResponse:
    if not request.user.is_authenticated:
        messages.warning(request, "登录没有完成：请从头开始，例如重新输入身份证号码和密码，并在10分钟内输入验证码。")
    is_phone = request.path.startswith(PHONE_PAGES)
    page = _START.get(door.name if door else "", "accounts:mobile_login" if is_phone else "accounts:login")
    return onward(request, page)
