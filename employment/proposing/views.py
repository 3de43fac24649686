"""聘用关系发起: shows the two pages on which an enterprise names the person by ID number, and then the terms."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import audit
from accounts.access.decorators import operator_required
from accounts.access.requests import posted, user_of
from accounts.lookups.services import find_person
from accounts.models import Person
from accounts.people.findings import UNKNOWN_NUMBER
from common.dates import chinese_date
from common.findings import Finding, Refused
from employment.proposing.forms import PersonSearchForm, ProposalForm
from enterprises.ca_login.backend import enterprise_of
from enterprises.models import Enterprise
from workflow.models import Application
from workflow.request_actor import actor_for
from workflow.services.filing import file_application

from .proposals import business, case_of, person_of, token_of, why_not_now


@operator_required
@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    enterprise = enterprise_of(request)
    form = PersonSearchForm(posted(request))
    if not form.is_valid():
        return _search_page(request, form, [], 400 if form.is_bound else 200)
    # Only people registered by real name can be employed.
    person = find_person(request, form.cleaned_data["id_number"], only_registered=True)
    audit.record("find_person", by=user_of(request), about=person, request=request)
    if person is None:
        return _search_page(request, form, [UNKNOWN_NUMBER], 409)
    return redirect("employment:propose_terms", token=token_of(person, enterprise))


def _search_page(request: HttpRequest, form: PersonSearchForm, refusals: list[Finding], status: int) -> HttpResponse:
    return render(request, "employment/propose.html", {"form": form, "refusals": refusals}, status=status)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, token: str) -> HttpResponse:
    enterprise = enterprise_of(request)
    person = person_of(token, enterprise)
    if person is None:
        messages.warning(request, "查找结果已失效，请重新输入身份证号码查找。")
        return redirect("employment:propose")
    form = ProposalForm(posted(request))
    refusals: list[Finding] = []
    if form.is_valid():
        try:
            application = _propose(request, person, enterprise, form)
        except Refused as refused:
            refusals = list(refused.findings)
        else:
            messages.success(request, _filed_words(application))
            return redirect(_list_address())
    stops = why_not_now(person, enterprise)
    context = {
        "person": person,
        "form": form,
        "stops": stops,
        # A finding that blocks it anyway is shown in place of the form, and not twice.
        "refusals": [finding for finding in refusals if not stops],
    }
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "employment/propose_terms.html", context, status=status)


def _list_address() -> str:
    return reverse("employment:enterprise") + "?tab=proposals"


def _propose(request: HttpRequest, person: Person, enterprise: Enterprise, form: ProposalForm) -> Application:
    case = case_of(person, enterprise, business().payload_of(form))
    return file_application(case=case, actor=actor_for(request))


def _filed_words(application: Application) -> str:
    until = f"{chinese_date(application.due_on)}前" if application.due_on else ""
    return f"聘用申请已发出，请提醒本人{until}在手机端确认。逾期未确认的，申请自动终止。"
