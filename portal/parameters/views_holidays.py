"""Takes a year's plan of holidays: shows which days it changes and which deadlines it moves, and asks before it counts."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import Duty
from administration.asking import SEEN
from administration.calendar.asking import in_words
from administration.calendar.plan import COLUMNS, PlanNotSeen, apply_plan
from administration.enums import OfficeKind
from common.tabular.template_file import write_template
from common.tabular.text_workbook import XLSX
from common.web.downloads import content_to_save

from .forms_holidays import PlanForm


@staff_required(Duty.REGISTRY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if user.office is None or user.office.kind != OfficeKind.PROVINCIAL:
        raise PermissionDenied("全年放假安排由省厅“登记台账”职责的工作人员导入。")
    if request.method != "POST":
        return render(request, "portal/holidays.html", {"form": PlanForm(initial={"year": localdate().year + 1})})
    form = PlanForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "portal/holidays.html", {"form": form}, status=400)
    year, seen = form.cleaned_data["year"], request.POST.get(SEEN, "")
    try:
        days, moved = apply_plan(year=year, plan=form.lines, seen=seen, by=audit.author(user, request))
    except PlanNotSeen as stop:
        return _question(request, form, stop, is_stale=bool(seen))
    words = f"，{moved} 件在办办件的期限正在重算，办理记录和消息会写明原期限和新期限" if moved else ""
    messages.success(request, f"已导入 {year} 年放假安排，改变 {days} 天{words}。")
    return redirect("parameters:holidays")


def _question(request: HttpRequest, form: PlanForm, stop: PlanNotSeen, *, is_stale: bool) -> HttpResponse:
    context = {
        "form": form,
        "year": form.cleaned_data["year"],
        "count": len(form.lines),
        "changes": stop.changes,
        "moved": in_words(stop.moved) if stop.moved else [],
        "typed": [("year", form.cleaned_data["year"]), ("rows", form.text), (SEEN, stop.mark)],
        "is_stale": is_stale,
    }
    return render(request, "portal/holidays_ask.html", context, status=409 if is_stale else 200)


@staff_required(Duty.REGISTRY)
@require_safe
def holidays_template(request: HttpRequest) -> HttpResponse:
    return content_to_save(write_template(COLUMNS, name="放假安排"), name="放假安排.xlsx", content_type=XLSX)
