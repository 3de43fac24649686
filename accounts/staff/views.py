"""用户: shows what the security administrator does with the logins of staff.

The system administrator opens and closes them in the registry. Nobody does either for themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import login_sessions
from accounts.access.decorators import admin_required
from accounts.access.requests import user_of
from accounts.credentials import totp
from accounts.enums import Sphere
from accounts.models import User
from accounts.people.forms import ReasonForm
from accounts.people.natural_persons import is_same_person
from common.findings import Finding, Refused
from common.web.methods import require_POST
from common.web.paging import paginate

from .forms import DutiesForm, UserFilter
from .selectors import staff_login, staff_logins, staff_logins_matching
from .services import assign_duties, unlock_staff

security_admin_required = admin_required(Sphere.SECURITY_ADMIN)


@security_admin_required
@never_cache
@require_safe
def staff_users(request: HttpRequest) -> HttpResponse:
    filters = UserFilter(request.GET or None)
    rows = staff_logins_matching(**filters.cleaned_data) if filters.is_valid() else staff_logins()
    page = paginate(rows, order=("login", "id"), cursor=request.GET.get("cursor"))
    return render(request, "accounts/users.html", {"filters": filters, "page": page})


@security_admin_required
@never_cache
@require_safe
def staff_user(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, staff_login(pk))


@security_admin_required
@never_cache
@require_POST
def reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    user, by = staff_login(pk), user_of(request)
    done = f"{user.name}的动态口令已重置，下次登录时重新添加。"
    return _do(request, user, ReasonForm(request.POST), lambda data: totp.reset(user, by=by, **data), done)


@security_admin_required
@never_cache
@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    user, by = staff_login(pk), user_of(request)
    done = f"{user.name}的账号已解锁，现在可以登录。"
    return _do(request, user, ReasonForm(request.POST), lambda data: unlock_staff(user, by=by, **data), done)


@security_admin_required
@never_cache
@require_POST
def duties(request: HttpRequest, pk: int) -> HttpResponse:
    user, by = staff_login(pk), user_of(request)
    done = f"{user.name}的职责已保存。"
    return _do(request, user, DutiesForm(request.POST), lambda data: assign_duties(user, by=by, **data), done)


def _do(
    request: HttpRequest,
    user: User,
    form: forms.Form,
    service: Callable[[dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    if is_same_person(user, user_of(request)):
        raise PermissionDenied("不能办理自己的账号，请由另一名安全管理员办理。")
    if not form.is_valid():
        sentences = [str(message) for errors in form.errors.values() for message in errors]
        return _page(request, user, tuple(Finding("user.form", sentence) for sentence in sentences))
    try:
        service(form.cleaned_data)
    except Refused as refused:
        return _page(request, user, refused.findings)
    messages.success(request, done)
    return redirect("accounts:staff_user", pk=user.pk)


def _page(request: HttpRequest, user: User, refusals: tuple[Finding, ...] = ()) -> HttpResponse:
    context = {
        "shown": user,
        "is_own": is_same_person(user, user_of(request)),
        "running": login_sessions.running_sessions(user),
        "reason_form": ReasonForm(auto_id="reset_%s"),
        "unlock_form": ReasonForm(auto_id="unlock_%s"),
        "duties_form": DutiesForm(initial={"duties": user.duties}, auto_id="duties_%s"),
        "refusals": refusals,
    }
    return render(request, "accounts/user.html", context, status=400 if refusals else 200)
