"""身份证号码更正: shows the pages on which one clerk asks for a correction and another confirms or refuses it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit, temporary_uploads
from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import CorrectionKind, Duty
from accounts.lookups.services import ask, missed
from accounts.models import Person, RegisterCorrection
from accounts.people.natural_persons import is_same_person
from accounts.registration.views import open_page, searched_person
from common.files.uploads import FileType
from common.findings import Finding, Refused
from common.web.downloads import file_to_save

from .evidence import bound, kept_scan
from .forms import ConfirmForm, NumberCorrectionForm, RefuseForm
from .selectors import correction_for, open_correction, waiting_corrections
from .services import ask_for_number, confirm_number, refuse_correction

PAGE = 50


@staff_required(Duty.REGISTER)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def correction_number(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the new number and the evidence; the number is a lookup too, since the answer tells whether it is known."""
    person = searched_person(request, pk)
    if request.method != "POST":
        return _number_page(request, person, NumberCorrectionForm())
    form = bound(request, NumberCorrectionForm, _slot(person))
    if not form.is_valid():
        return _number_page(request, person, form)
    ask(request)
    try:
        ask_for_number(
            person,
            id_number=form.cleaned_data["id_number"],
            grounds=form.grounds,
            by=user_of(request),
            now=timezone.now(),
        )
    except Refused as refused:
        missed(request)
        return _number_page(request, person, form, refused.findings)
    temporary_uploads.drop(request, _slot(person))
    messages.success(request, "已提出更正，等待另一名登记人员复核。复核之前，此人的登记、登录和证书都不变。")
    return redirect("accounts:counter_person", person.pk)


def _slot(person: Person) -> str:
    return f"evidence_{person.pk}"


def _number_page(
    request: HttpRequest, person: Person, form: NumberCorrectionForm, refusals: tuple[Finding, ...] = ()
) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "refusals": refusals,
        "waiting": open_correction(person),
        "kept": kept_scan(request, _slot(person)),
    }
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "accounts/correction_number.html", context, status=status)


@staff_required(Duty.REGISTER)
@never_cache
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    rows = waiting_corrections(user_of(request), limit=PAGE + 1)
    context = {"rows": rows[:PAGE], "has_more": len(rows) > PAGE}
    return render(request, "accounts/corrections.html", context)


@staff_required(Duty.REGISTER)
@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    case = _readable(request, pk)
    if case.kind != CorrectionKind.NUMBER:
        return redirect(case.page, case.pk)
    if request.method != "POST":
        detail: dict[str, object] = {"correction": case.pk}
        audit.record("view_correction", by=user_of(request), about=case.person, detail=detail, request=request)
        return _page(request, case)
    if request.POST.get("action") == "refuse":
        return _refuse(request, case)
    form = ConfirmForm(request.POST, auto_id="confirm_%s")
    if not form.is_valid():
        return _page(request, case, confirm=form)
    try:
        confirm_number(case, id_number=form.cleaned_data["id_number"], by=user_of(request), now=timezone.now())
    except Refused as refused:
        return _page(request, case, refused.findings, confirm=form)
    open_page(request, case.person)
    messages.success(
        request, "身份证号码已更正，本人会收到消息，请告知用新号码登录。证件上其他信息有变的，请接着更新。"
    )
    return redirect("accounts:counter_person", case.person_id)


def _refuse(request: HttpRequest, case: RegisterCorrection) -> HttpResponse:
    form = RefuseForm(request.POST, auto_id="refuse_%s")
    if not form.is_valid():
        return _page(request, case, refuse=form)
    try:
        refuse_correction(case, answer=form.cleaned_data["answer"], by=user_of(request), now=timezone.now())
    except Refused as refused:
        return _page(request, case, refused.findings, refuse=form)
    messages.success(request, "已办结，此人的登记没有改变。")
    return redirect("accounts:corrections")


@staff_required(Duty.REGISTER)
@require_safe
def correction_evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    case = _readable(request, pk)
    detail: dict[str, object] = {"correction": case.pk, "picture": "evidence"}
    audit.record("view_correction", by=user_of(request), about=case.person, detail=detail, request=request)
    name = f"证明材料-{case.pk}.{FileType(case.evidence_type).extension}"
    return file_to_save(case.evidence, name=name, content_type=case.evidence_type)


def _readable(request: HttpRequest, pk: int) -> RegisterCorrection:
    case = correction_for(user_of(request), pk)
    if case is None:
        raise Http404("没有这件更正，或不属于本市的登记点")
    return case


def _page(
    request: HttpRequest,
    case: RegisterCorrection,
    refusals: tuple[Finding, ...] = (),
    *,
    confirm: ConfirmForm | None = None,
    refuse: RefuseForm | None = None,
) -> HttpResponse:
    context = {
        "case": case,
        "is_own": is_same_person(user_of(request), case.requested_by),
        "confirm": confirm or ConfirmForm(auto_id="confirm_%s"),
        "refuse": refuse or RefuseForm(auto_id="refuse_%s"),
        "refusals": refusals,
    }
    status = 409 if refusals else 400 if confirm or refuse else 200
    return render(request, "accounts/correction.html", context, status=status)
