"""Shows which policy parameters hold since when and by which document, and takes values to come."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import signed_in_required, staff_required
from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.enums import OfficeKind
from administration.parameters.declared import DECLARED
from administration.parameters.selectors import ParameterSheet, parameter_row, parameter_sheets
from administration.parameters.services import set_parameter, withdraw_parameter
from common.dates import chinese_date
from common.findings import Finding, Refused
from workflow.selectors.parameter_cases import touched_by

from .forms import ParameterForm

DUTIES = (Duty.DECIDE, Duty.REGISTRY)
NOT_YOURS = "政策参数由省厅“省厅审核”“登记台账”职责的工作人员修改，系统管理员可以查看。"


def _reader(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    if user.sphere != Sphere.SYSTEM_ADMIN and not set(DUTIES) & set(user.duties):
        raise PermissionDenied(NOT_YOURS)
    return user


def may_edit(user: User) -> bool:
    """Parameters hold for the whole province, so only its own office changes them."""
    is_provincial = user.office is not None and user.office.kind == OfficeKind.PROVINCIAL
    return user.sphere == Sphere.STAFF and is_provincial and bool(set(DUTIES) & set(user.duties))


def _editor(request: HttpRequest) -> User:
    user = _reader(request)
    if not may_edit(user):
        raise PermissionDenied(NOT_YOURS)
    return user


def _sheet(key: str) -> ParameterSheet:
    if key not in DECLARED:
        raise Http404("没有这个参数")
    return parameter_sheets([key], on=localdate())[0]


@signed_in_required(Sphere.STAFF, Sphere.SYSTEM_ADMIN)
@require_safe
def parameter_list(request: HttpRequest) -> HttpResponse:
    user = _reader(request)
    keeps_calendar = may_edit(user) and Duty.REGISTRY in user.duties
    context = {"sheets": parameter_sheets(on=localdate()), "keeps_calendar": keeps_calendar}
    return render(request, "portal/parameters.html", context)


@signed_in_required(Sphere.STAFF, Sphere.SYSTEM_ADMIN)
@require_safe
def parameter_detail(request: HttpRequest, key: str) -> HttpResponse:
    user = _reader(request)
    return render(
        request, "portal/parameter.html", {"sheet": _sheet(key), "may_edit": may_edit(user), "touched": touched_by(key)}
    )


@staff_required(DUTIES)
@require_http_methods(["GET", "HEAD", "POST"])
def parameter_new(request: HttpRequest, key: str) -> HttpResponse:
    user, sheet, today = _editor(request), _sheet(key), localdate()
    form = ParameterForm(request.POST or None, declared=sheet.declared, today=today)
    refusals: Sequence[Finding] = ()
    if request.method == "POST" and form.is_valid():
        try:
            row = set_parameter(key=key, by=audit.author(user, request), **form.cleaned_data)
        except Refused as refused:
            refusals = refused.findings
        else:
            words = sheet.declared.in_words(row.value)
            messages.success(
                request, f"已登记：{chinese_date(row.effective_from)}起，{sheet.declared.title}为 {words}。"
            )
            return redirect("parameters:detail", key=key)
    context = {"sheet": sheet, "form": form, "refusals": refusals, "touched": touched_by(key)}
    status = 409 if refusals else 400 if form.errors else 200
    return render(request, "portal/parameter_new.html", context, status=status)


@staff_required(DUTIES)
@require_http_methods(["GET", "HEAD", "POST"])
def parameter_withdraw(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    user, sheet = _editor(request), _sheet(key)
    row = parameter_row(key, pk)
    if row is None:
        raise Http404("没有这个取值")
    if request.method != "POST":
        facts = [
            ("参数", sheet.declared.title),
            ("取值", sheet.declared.in_words(row.value)),
            ("施行日期", chinese_date(row.effective_from)),
            ("文号", row.document_number),
        ]
        return render(request, "portal/parameter_withdraw.html", {"sheet": sheet, "facts": facts})
    try:
        withdraw_parameter(row.pk, by=audit.author(user, request))
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, f"{finding.message}。{finding.detail}")
    else:
        messages.success(request, "已撤回，该取值不会施行。")
    return redirect("parameters:detail", key=key)
