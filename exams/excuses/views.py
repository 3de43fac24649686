"""Shows person and enterprise the page on which they prove the cause of an absence."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import operator_required, person_required
from accounts.access.requests import person_of
from administration.parameters.book import ParameterBook
from common.findings import Finding, Refused
from enterprises.ca_login.backend import enterprise_of
from exams.enums import ExcuseState
from exams.models import ExamEntry
from exams.selectors import entry_of_enterprise, entry_of_person
from workflow.request_actor import actor_for

from .forms import ExcuseForm
from .rules import last_day, why_not_file
from .selectors import excuses_of
from .services import file_excuse


@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, entry_of_person(person_of(request).pk, pk), reverse("exams:mine"))


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, entry_of_enterprise(enterprise_of(request).pk, pk), reverse("exams:entries"))


def _page(request: HttpRequest, entry: ExamEntry, back_url: str) -> HttpResponse:
    form = ExcuseForm(request.POST, request.FILES) if request.method == "POST" else ExcuseForm()
    refusals: Sequence[Finding] = ()
    actor = actor_for(request)
    if form.is_valid():
        values = form.cleaned_data
        try:
            file_excuse(entry_id=entry.pk, reason=values["reason"], upload=values["scan"], actor=actor)
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, "缺考证明已提交，考试机构审核后会发消息。")
            return redirect(back_url)
    excuses = excuses_of(entry)
    days = ParameterBook.load().integer("exam_excuse_days", entry.batch.exam_to)
    is_waiting = any(one.state == ExcuseState.WAITING for one in excuses)
    context = {
        "entry": entry,
        "form": form,
        "refusals": refusals,
        "stops": why_not_file(actor, entry, today=localdate(), days=days, is_waiting=is_waiting),
        "until": last_day(entry, days),
        "excuses": excuses,
        "own_party": actor.party,
        "back_url": back_url,
    }
    return render(request, "exams/excuse_new.html", context, status=409 if refusals else 400 if form.is_bound else 200)
