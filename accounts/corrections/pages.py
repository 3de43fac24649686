"""Serves every kind of case alike: the page on which a clerk asks for it, and the one on which it is settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.access import audit, temporary_uploads
from accounts.access.requests import user_of
from accounts.models import RegisterCorrection
from accounts.people.natural_persons import is_same_person
from common.files.uploads import FileType
from common.findings import Finding, Refused
from common.web.downloads import file_to_save

from .evidence import bound, kept_scan
from .forms import DecideForm, GroundsForm, RefuseForm

F = TypeVar("F", bound=GroundsForm)
Findings = tuple[Finding, ...]
Values = Mapping[str, Any]
DECIDE_IDS, REFUSE_IDS = "decide_%s", "refuse_%s"


def ask_response(
    request: HttpRequest,
    form_class: type[F],
    template: str,
    *,
    slot: str,
    ask: Callable[[F], HttpResponse],
    show: Callable[[Findings], Values],
    standing: Findings = (),
) -> HttpResponse:
    """`ask` calls the service and answers where to go; `show` answers what the page shows besides its form. `standing`
    are the refusals that are known before anything is sent. The scan is kept in `slot` until the form passes.
    """
    form = bound(request, form_class, slot) if request.method == "POST" else form_class()
    refusals = standing
    if form.is_valid():
        try:
            response = ask(form)
        except Refused as refused:
            refusals = refused.findings
        else:
            temporary_uploads.drop(request, slot)
            return response
    context = {**show(refusals), "form": form, "refusals": refusals, "kept_scan": kept_scan(request, slot)}
    status = (409 if refusals else 400) if form.is_bound else 200
    return render(request, template, context, status=status)


@dataclass(frozen=True)
class CasePage:
    """Says what is peculiar to a kind of case. `decide` and `refuse` call the service with what was typed, and answer
    where to go; `show` answers what the page shows besides, for the form that was sent and the refusals.
    """

    template: str
    form: type[forms.Form]
    decide: Callable[[HttpRequest, RegisterCorrection, Values], HttpResponse]
    refuse: Callable[[HttpRequest, RegisterCorrection, str], HttpResponse]
    show: Callable[[HttpRequest, RegisterCorrection, forms.Form | None, Findings], Values]


def case_response(request: HttpRequest, case: RegisterCorrection, page: CasePage) -> HttpResponse:
    if request.method != "POST":
        _record_view(request, case)
        return _shown(request, case, page)
    if request.POST.get("action") == "refuse":
        refuse = RefuseForm(request.POST, auto_id=REFUSE_IDS)
        if not refuse.is_valid():
            return _shown(request, case, page, refuse=refuse)
        try:
            return page.refuse(request, case, refuse.cleaned_data["answer"])
        except Refused as refused:
            return _shown(request, case, page, refused.findings, refuse=refuse)
    decide = page.form(request.POST, auto_id=DECIDE_IDS)
    if not decide.is_valid():
        return _shown(request, case, page, decide=decide)
    try:
        return page.decide(request, case, decide.cleaned_data)
    except Refused as refused:
        return _shown(request, case, page, refused.findings, decide=decide)


def _shown(
    request: HttpRequest,
    case: RegisterCorrection,
    page: CasePage,
    refusals: Findings = (),
    *,
    decide: forms.Form | None = None,
    refuse: RefuseForm | None = None,
) -> HttpResponse:
    context = {
        **page.show(request, case, decide, refusals),
        "case": case,
        "is_own": is_same_person(user_of(request), case.requested_by),
        "refuse": refuse or RefuseForm(auto_id=REFUSE_IDS),
        "refusals": refusals,
    }
    status = 409 if refusals else 400 if decide or refuse else 200
    return render(request, page.template, context, status=status)


def marked(state: str, sent: forms.Form | None, refusals: Findings) -> dict[str, object]:
    """Answers the form of a decision that rests on `state`, the mark of the page as it is shown now, so that what was
    refused is seen before it is pressed again.
    """
    return {
        "decide": DecideForm(initial={"state": state}, auto_id=DECIDE_IDS),
        "decide_errors": sent.errors if sent is not None and not refusals else {},
    }


def evidence_response(request: HttpRequest, case: RegisterCorrection) -> HttpResponseBase:
    _record_view(request, case, picture="evidence")
    name = f"证明材料-{case.pk}.{FileType(case.evidence_type).extension}"
    return file_to_save(case.evidence, name=name, content_type=case.evidence_type)


def _record_view(request: HttpRequest, case: RegisterCorrection, **more: object) -> None:
    detail = {"correction": case.pk, **more}
    audit.record("view_correction", by=user_of(request), about=case.person, detail=detail, request=request)
