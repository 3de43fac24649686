"""续签、变更职务: shows the page on which an enterprise proposes other terms of an employment to its employee."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import operator_required
from accounts.access.requests import posted
from common.dates import chinese_date
from common.findings import Finding, blocking
from employment.models import Employment
from enterprises.ca_login.backend import enterprise_of
from workflow.checks import Facts, evaluate
from workflow.models import Application
from workflow.request_actor import actor_for

from .forms import RenewalForm
from .selectors import employment_to_renew
from .services import ProposedTerms, propose_terms
from .terms import business, renewal_case, state_of


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    employment = employment_to_renew(enterprise_of(request).pk, pk)
    form = RenewalForm(posted(request), employment=employment)
    refusals: list[Finding] = []
    if form.is_valid():
        values = form.cleaned_data
        wanted = ProposedTerms(employment.pk, tuple(values["posts"]), values["contract_to"], values["seen"])
        result = propose_terms([wanted], actor=actor_for(request))
        if employment.pk in result.filed:
            messages.success(request, _filed_words(result.filed[employment.pk], employment))
            return redirect(reverse("employment:enterprise") + "?tab=proposals")
        refusals = result.refused[employment.pk]
        employment = employment_to_renew(enterprise_of(request).pk, pk)
        form.show_again(state_of(employment))
    stops = _stops(employment)
    context = {
        "employment": employment,
        "form": form,
        "stops": stops,
        # A finding that blocks it anyway is shown in place of the form, and not twice.
        "refusals": [] if stops else refusals,
        "today": localdate(),
    }
    return render(request, "employment/renew.html", context, status=409 if refusals else 400 if form.is_bound else 200)


def _stops(employment: Employment) -> list[Finding]:
    """Answers every reason that is known before the terms are typed."""
    case = renewal_case(business(), employment, {}, localdate())
    return blocking(evaluate([case], Facts([case]))[case])


def _filed_words(application: Application, employment: Employment) -> str:
    until = f"{chinese_date(application.due_on)}前" if application.due_on else ""
    words = f"已提出，请提醒{employment.person.name}{until}在手机端确认。确认之前，现在的登记不变。"
    if employment.contract_to is not None and application.due_on and employment.contract_to < application.due_on:
        words += f"合同{chinese_date(employment.contract_to)}到期，到期后仍未确认的，聘用关系会自动解除。"
    return words
