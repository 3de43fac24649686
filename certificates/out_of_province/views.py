"""外省证书申报: shows the person's certificates of other provinces, and the scans to those who judge them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import person_required, staff_required
from accounts.models import User
from certificates.enums import Ending
from certificates.facts.holdings import READERS, is_in_force, load_out_of_province
from certificates.models import OutOfProvinceCertificate
from common.dates import chinese_date
from common.files.uploads import FileType
from common.findings import Finding, Refused
from common.web.downloads import file_to_save
from workflow.request_actor import actor_for

from .forms import DeclarationForm, EndingForm
from .selectors import own_declaration, readable_declaration
from .services import correct_declaration, declare, end_declaration, why_fixed

LIST = "certificates:elsewhere"


def _person_id(request: HttpRequest) -> int:
    person_id = actor_for(request).person_id
    if person_id is None:
        raise Http404("只能由本人申报")
    return person_id


@person_required
@require_safe
def declarations(request: HttpRequest) -> HttpResponse:
    person_id = _person_id(request)
    rows = [_row(one) for one in load_out_of_province([person_id]).get(person_id, [])]
    return render(request, "certificates/out_of_province.html", {"rows": rows})


def _row(one: OutOfProvinceCertificate) -> dict[str, Any]:
    return {
        "one": one,
        "is_mine": one.declared_by_id is not None and one.settled_at is None,
        "counts": is_in_force(one, timezone.localdate()),
        "ending": Ending(one.ending).label if one.ending else "已终止" if one.settled_at else "",
    }


@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def declaration_new(request: HttpRequest) -> HttpResponse:
    form = DeclarationForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, status=400 if request.method == "POST" else 200)
    try:
        with transaction.atomic():
            row = declare(_person_id(request), form.said, scan=form.cleaned_data["scan"], now=timezone.now())
            _note(request, "declare_elsewhere", row)
    except Refused as refused:
        return _form(request, form, refusals=refused.findings, status=409)
    messages.success(request, f"{row.number} 已申报。办理进赣换证，或者在{row.province}注销后，即可办理本省业务。")
    return redirect(LIST)


@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def declaration_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_declaration(_person_id(request), pk)
    if fixed := why_fixed(row):
        return _fixed(request, fixed)
    initial = {name: getattr(row, name) for name in ("number", "category", "province", "enterprise_name", "valid_to")}
    form = DeclarationForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, row=row, status=400 if request.method == "POST" else 200)
    try:
        with transaction.atomic():
            new_scan = form.cleaned_data["scan"]
            changed = correct_declaration(row.pk, _person_id(request), form.said, scan=new_scan, now=timezone.now())
            _note(request, "correct_elsewhere", changed, before=row.number)
    except Refused as refused:
        return _form(request, form, row=row, refusals=refused.findings, status=409)
    messages.success(request, f"{changed.number} 的申报已更正。")
    return redirect(LIST)


@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def declaration_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_declaration(_person_id(request), pk)
    if fixed := why_fixed(row):
        return _fixed(request, fixed)
    form = EndingForm(request.POST or None)
    refusals: tuple[Finding, ...] = ()
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            with transaction.atomic():
                ending, day = Ending(values["ending"]), values["ended_on"]
                end_declaration(row.pk, _person_id(request), ending=ending, ended_on=day, now=timezone.now())
                _note(request, "end_elsewhere", row, ending=ending.value, ended_on=day.isoformat())
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, f"{row.number}：{ending.label}，已登记，不再影响本省业务。")
            return redirect(LIST)
    context = {"row": row, "facts": _facts(row), "form": form, "refusals": refusals}
    status = 409 if refusals else 400 if request.method == "POST" else 200
    return render(request, "certificates/out_of_province_end.html", context, status=status)


def _facts(row: OutOfProvinceCertificate) -> list[tuple[str, str]]:
    return [("证书编号", row.number), ("发证省份", row.province), ("有效期至", chinese_date(row.valid_to))]


def _fixed(request: HttpRequest, finding: Finding) -> HttpResponse:
    messages.warning(request, f"{finding.message}。{finding.detail}")
    return redirect(LIST)


def _form(
    request: HttpRequest,
    form: DeclarationForm,
    *,
    row: OutOfProvinceCertificate | None = None,
    refusals: tuple[Finding, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "row": row, "refusals": refusals, "cancel_url": reverse(LIST)}
    return render(request, "certificates/out_of_province_form.html", context, status=status)


def _note(request: HttpRequest, action: str, row: OutOfProvinceCertificate, **detail: object) -> None:
    user = request.user if isinstance(request.user, User) else None
    told = {"number": row.number, "province": row.province, "valid_to": row.valid_to.isoformat(), **detail}
    audit.record(action, by=user, about=row, detail=told, request=request)


@person_required
@require_safe
def declaration_scan(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _scan(own_declaration(_person_id(request), pk))


@staff_required(READERS)
@require_safe
def office_declaration_scan(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = readable_declaration(actor_for(request), pk)
    response = _scan(row)
    user = request.user if isinstance(request.user, User) else None
    audit.record("view_declared_scan", by=user, about=row, detail={"number": row.number}, request=request)
    return response


def _scan(row: OutOfProvinceCertificate) -> FileResponse:
    if not row.scan:
        raise Http404("没有上传扫描件")
    name = f"{row.number}.{FileType(row.scan_type).extension}"
    return file_to_save(row.scan, name=name, content_type=row.scan_type)
