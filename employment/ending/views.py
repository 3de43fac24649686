"""Shows the pages on which an office ends an employment because the employer is silent, gone or in dispute."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import posted, user_of
from accounts.enums import Duty
from accounts.lookups.services import find_person
from accounts.models import Person
from common.findings import Finding, Refused
from employment.ending.forms import OfficeEndForm, OfficeSearchForm
from employment.permissions import why_not_end_by_office
from employment.relations.selectors import employment_by_id, history_of
from employment.relations.warnings import warnings_of
from workflow.request_actor import actor_for
from workflow.views.refusals import for_reader

from . import services as ending_services


@staff_required(Duty.REVIEW)
@never_cache
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The ID number is posted and this page is the answer, so the number appears in no address and no log."""
    form = OfficeSearchForm(posted(request))
    person = None
    if form.is_valid():
        person = find_person(request, form.cleaned_data["id_number"])
        audit.record("find_person", by=user_of(request), about=person, request=request)
        if person is None:
            form.add_error("id_number", "没有查到这个身份证号码的登记信息，请核对号码。")
    context = {"form": form, "person": person, **(_found(request, person) if person else {})}
    return render(request, "employment/office.html", context, status=400 if form.errors else 200)


def _found(request: HttpRequest, person: Person) -> dict[str, Any]:
    history = history_of(person.pk)
    active = next((row for row in history if row.is_active), None)
    stop = why_not_end_by_office(actor_for(request), active, active.enterprise) if active else None
    return {"active": active, "former": [row for row in history if not row.is_active], "stops": [stop] if stop else []}


@staff_required(Duty.REVIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    employment = employment_by_id(pk)
    actor = actor_for(request)
    stop = why_not_end_by_office(actor, employment, employment.enterprise)
    if stop is not None and stop.code == "employment.other_office":
        # The office may not learn whom an enterprise of another region employs, so the sentence names nobody.
        raise PermissionDenied("这家企业注册在其他地区，其聘用关系由企业注册地的主管部门办理。")
    if not employment.is_active:
        messages.info(request, "该聘用关系已经解除，不需要再次操作。")
        return redirect("employment:office")
    form = OfficeEndForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        document_number, reason = form.cleaned_data["document_number"], form.cleaned_data["reason"]
        try:
            ending_services.end_by_office(employment.pk, document_number=document_number, reason=reason, by=actor)
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, f"已解除{employment.person.name}的聘用关系，本人和企业会收到消息。")
            return redirect("employment:office")
    context = {
        "employment": employment,
        "warnings": for_reader(warnings_of(employment), actor),
        "form": form,
        "stops": [stop] if stop else [],
        # A finding that blocks it anyway is shown in place of the form, and not twice.
        "refusals": () if stop else refusals,
        "back_url": reverse("employment:office"),
    }
    status = 409 if refusals else 400 if form.errors else 200
    return render(request, "employment/office_end.html", context, status=status)
