"""报考材料: shows a person the own scans for exams, and the offices in charge those of their entries."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import person_required, staff_required
from accounts.access.requests import person_of, user_of
from accounts.enums import Duty
from common.files.uploads import FileType
from common.findings import Finding, Refused
from common.web.downloads import file_to_save
from exams.enums import EvidenceKind
from exams.models import Evidence
from workflow.request_actor import actor_for

from .forms import EvidenceForm
from .selectors import evidence_of, own_evidence, readable_evidence
from .services import add_evidence, remove_evidence


@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest) -> HttpResponse:
    form = EvidenceForm(request.POST, request.FILES) if request.method == "POST" else EvidenceForm()
    status = 200
    refusals: tuple[Finding, ...] = ()
    if form.is_bound and form.is_valid():
        try:
            kept = add_evidence(
                kind=form.cleaned_data["kind"], upload=form.cleaned_data["scan"], actor=actor_for(request)
            )
        except Refused as refused:
            refusals, status = refused.findings, 409
        else:
            messages.success(request, f"{kept.get_kind_display()}已保存，以后报名不用再交。")
            return redirect("exams:evidence")
    elif form.is_bound:
        status = 400
    person = person_of(request)
    shown = evidence_of(person.pk)
    context = {
        "person": person,
        "form": form,
        "refusals": refusals,
        "kinds": [(label, [one for one in shown if one.kind == kind]) for kind, label in EvidenceKind.choices],
    }
    return render(request, "exams/evidence.html", context, status=status)


@person_required
@require_safe
def own_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _file(own_evidence(person_of(request).pk, pk))


@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    kept = own_evidence(person_of(request).pk, pk)
    if request.method == "POST":
        try:
            remove_evidence(kept.pk, actor=actor_for(request))
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{kept.get_kind_display()}已撤下。")
        return redirect("exams:evidence")
    return render(request, "exams/evidence_remove.html", {"kept": kept, "cancel_url": reverse("exams:evidence")})


@staff_required((Duty.REVIEW, Duty.DECIDE, Duty.ORGANISE))
@require_safe
def office_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    kept = readable_evidence(actor_for(request), pk)
    audit.record("exam_evidence.view", by=user_of(request), about=kept, detail={"kind": kept.kind}, request=request)
    return _file(kept)


def _file(kept: Evidence) -> HttpResponseBase:
    """Pictures are written anew as JPEG, so the name says what the file is now."""
    name = f"{PurePath(kept.original_name).stem or '材料'}.{FileType(kept.content_type).extension}"
    return file_to_save(kept.file, name=name, content_type=kept.content_type)
