"""身份证号码更正: shows the pages on which one clerk asks for a correction and another confirms or refuses it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import CorrectionKind, Duty
from accounts.lookups.services import ask, missed
from accounts.models import RegisterCorrection
from accounts.registration.views import open_page, searched_person
from common.findings import Refused

from .forms import ConfirmForm, NumberCorrectionForm
from .pages import DECIDE_IDS, CasePage, Findings, Values, ask_response, case_response, evidence_response
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

    def ask_for(form: NumberCorrectionForm) -> HttpResponse:
        ask(request)
        number = form.cleaned_data["id_number"]
        try:
            ask_for_number(person, id_number=number, grounds=form.grounds, by=user_of(request), now=timezone.now())
        except Refused:
            missed(request)
            raise
        messages.success(request, "已提出更正，等待另一名登记人员复核。复核之前，此人的登记、登录和证书都不变。")
        return redirect("accounts:counter_person", person.pk)

    return ask_response(
        request,
        NumberCorrectionForm,
        "accounts/correction_number.html",
        slot=f"evidence_{person.pk}",
        ask=ask_for,
        show=lambda refusals: {"person": person, "waiting": open_correction(person)},
    )


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
    return case_response(request, case, _PAGE)


@staff_required(Duty.REGISTER)
@require_safe
def correction_evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    return evidence_response(request, _readable(request, pk))


def _readable(request: HttpRequest, pk: int) -> RegisterCorrection:
    case = correction_for(user_of(request), pk)
    if case is None:
        raise Http404("没有这件更正，或不属于本市的登记点")
    return case


def _confirm(request: HttpRequest, case: RegisterCorrection, values: Values) -> HttpResponse:
    confirm_number(case, id_number=values["id_number"], by=user_of(request), now=timezone.now())
    open_page(request, case.person)
    messages.success(
        request, "身份证号码已更正，本人会收到消息，请告知用新号码登录。证件上其他信息有变的，请接着更新。"
    )
    return redirect("accounts:counter_person", case.person_id)


def _refuse(request: HttpRequest, case: RegisterCorrection, answer: str) -> HttpResponse:
    refuse_correction(case, answer=answer, by=user_of(request), now=timezone.now())
    messages.success(request, "已办结，此人的登记没有改变。")
    return redirect("accounts:corrections")


def _show(request: HttpRequest, case: RegisterCorrection, sent: forms.Form | None, refusals: Findings) -> Values:
    return {"decide": sent or ConfirmForm(auto_id=DECIDE_IDS)}


_PAGE = CasePage("accounts/correction.html", ConfirmForm, _confirm, _refuse, _show)
