"""异常查询: shows who looked up unusually many people and what the security administrator has decided about it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access.decorators import admin_required
from accounts.access.requests import user_of
from accounts.enums import Sphere
from accounts.people.forms import ReasonForm
from administration.lookups.limits import REASONS
from administration.models import LookupAlarm
from common.findings import Finding, Refused
from common.web.methods import require_POST
from common.web.paging import paginate

from .alarms import close_login, mark_seen, open_login
from .forms import RemarkForm
from .selectors import alarm_by_id, alarms, login_that_asked

security_admin_required = admin_required(Sphere.SECURITY_ADMIN)


@security_admin_required
@never_cache
@require_safe
def lookup_alarms(request: HttpRequest) -> HttpResponse:
    shows_all = request.GET.get("all") == "1"
    page = paginate(alarms(with_seen=shows_all), order=("-id",), cursor=request.GET.get("cursor"))
    context = {"page": page, "rows": [_row(alarm) for alarm in page.items], "shows_all": shows_all}
    return render(request, "accounts/lookup_alarms.html", context)


@security_admin_required
@never_cache
@require_safe
def lookup_alarm(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, alarm_by_id(pk))


@security_admin_required
@never_cache
@require_POST
def lookup_alarm_seen(request: HttpRequest, pk: int) -> HttpResponse:
    alarm, form = alarm_by_id(pk), RemarkForm(request.POST)
    if not form.is_valid():
        return _page(request, alarm, seen_form=form)
    remark = form.cleaned_data["remark"]
    return _do(
        request,
        alarm,
        lambda: mark_seen(alarm.pk, remark=remark, by=user_of(request), now=timezone.now()),
        "已记录复核情况。",
    )


@security_admin_required
@never_cache
@require_POST
def lookup_alarm_login(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes the login that asked last, or opens it again."""
    alarm, form = alarm_by_id(pk), ReasonForm(request.POST, auto_id="login_%s")
    user = login_that_asked(alarm)
    if user is None:
        raise Http404("这条记录没有登录账号")
    if not form.is_valid():
        return _page(request, alarm, login_form=form)
    reason = form.cleaned_data["reason"]
    service, done = (close_login, "登录账号已停用。") if user.is_active else (open_login, "登录账号已恢复使用。")
    return _do(request, alarm, lambda: service(user, reason=reason, by=user_of(request)), done)


def _do(request: HttpRequest, alarm: LookupAlarm, service: Callable[[], None], done: str) -> HttpResponse:
    try:
        service()
    except Refused as refused:
        return _page(request, alarm, refused.findings)
    messages.success(request, done)
    return redirect("accounts:lookup_alarm", pk=alarm.pk)


def _row(alarm: LookupAlarm) -> dict[str, object]:
    return {
        "alarm": alarm,
        "reasons": "、".join(REASONS[code] for code in alarm.reasons),
        "miss_percent": alarm.missed * 100 // alarm.asked if alarm.asked else 0,
    }


def _page(
    request: HttpRequest,
    alarm: LookupAlarm,
    refusals: tuple[Finding, ...] = (),
    *,
    seen_form: RemarkForm | None = None,
    login_form: ReasonForm | None = None,
) -> HttpResponse:
    user = login_that_asked(alarm)
    is_own = user is not None and user.pk == user_of(request).pk
    context = {
        **_row(alarm),
        "login": user,
        "has_page": user is not None and user.sphere not in (Sphere.PERSON, Sphere.OPERATOR),
        "is_own": is_own,
        "seen_form": seen_form or RemarkForm(),
        "login_form": login_form or ReasonForm(auto_id="login_%s"),
        "refusals": refusals,
    }
    is_refused = bool(refusals or seen_form or login_form)
    return render(request, "accounts/lookup_alarm.html", context, status=400 if is_refused else 200)
