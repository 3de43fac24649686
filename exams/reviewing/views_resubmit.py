"""Shows enterprises and persons what a returned entry lacks, and lets them hand it in again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import operator_required, person_required
from accounts.access.requests import person_of, posted
from common.findings import Finding, Refused, blocking
from enterprises.ca_login.backend import enterprise_of
from exams.models import ExamEntry
from exams.permissions import why_not_resubmit
from exams.selectors import entry_of_enterprise, entry_of_person
from exams.sign_up.eligibility import of_entries
from workflow.enums import Party
from workflow.request_actor import actor_for

from .forms import ResubmitForm
from .reasons import findings_of
from .resubmitting import resubmit_entry
from .selectors import last_return

LISTS = {Party.ENTERPRISE: "exams:entries", Party.PERSON: "exams:mine"}


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, entry_of_enterprise(enterprise_of(request).pk, pk))


@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_person(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, entry_of_person(person_of(request).pk, pk))


def _page(request: HttpRequest, entry: ExamEntry) -> HttpResponse:
    actor, today = actor_for(request), localdate()
    back = LISTS[actor.party]
    if sentence := why_not_resubmit(actor, entry, today=today):
        messages.warning(request, sentence)
        return redirect(back)
    form = ResubmitForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            resubmit_entry(entry.pk, note=form.cleaned_data["note"], actor=actor)
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, "已重新提交，等待主管部门审核。")
            return redirect(back)
    last = last_return(entry)
    context = {
        "entry": entry,
        "form": form,
        "refusals": refusals,
        "wanted": findings_of(last) if last else [],
        "stops": blocking(of_entries([entry], on=today)[entry.pk]),
        "is_enterprise": actor.party == Party.ENTERPRISE,
        "back": back,
    }
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "exams/resubmit.html", context, status=status)
