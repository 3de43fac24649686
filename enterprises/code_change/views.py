"""信用代码变更: shows the pages on which a registry clerk finds an enterprise, changes its code, and reads its history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit, temporary_uploads
from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.corrections.evidence import bound, kept_scan
from accounts.enums import Duty
from common.files.uploads import FileType
from common.findings import Finding, Refused
from common.web.downloads import file_to_save
from enterprises.models import Enterprise

from .forms import CodeChangeForm, CodeSearchForm
from .selectors import (
    SHOWN,
    changes_of,
    code_change_by_id,
    enterprise_with_code,
    former_codes_of,
    found_enterprises,
    open_request_of,
    waiting_requests,
)
from .two_clerks import ask_for_code


@staff_required(Duty.REGISTRY)
@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    filters = CodeSearchForm(request.GET)
    text = filters.cleaned_data["q"] if filters.is_valid() else ""
    rows = found_enterprises(text)
    context = {
        "filters": filters,
        "rows": rows,
        "is_asked": bool(text),
        "is_full": len(rows) == SHOWN,
        "requests": waiting_requests(),
    }
    return render(request, "enterprises/code_search.html", context)


@staff_required(Duty.REGISTRY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_with_code(pk)
    if request.method != "POST":
        return _page(request, enterprise, CodeChangeForm(initial={"seen": enterprise.uscc}))
    form = bound(request, CodeChangeForm, _slot(enterprise))
    if not form.is_valid():
        return _page(request, enterprise, form)
    try:
        asked = ask_for_code(
            enterprise_id=enterprise.pk,
            new=form.new_code,
            seen=form.cleaned_data["seen"],
            by=user_of(request),
            now=timezone.now(),
        )
    except Refused as refused:
        return _page(request, enterprise_with_code(pk), form, refused.findings)
    temporary_uploads.drop(request, _slot(enterprise))
    messages.success(request, "已提出变更，等待另一名登记人员复核。复核之前号码不变。")
    return redirect("enterprises:code_request", pk=asked.pk)


def _slot(enterprise: Enterprise) -> str:
    return f"code_{enterprise.pk}"


def _page(
    request: HttpRequest, enterprise: Enterprise, form: CodeChangeForm, refusals: tuple[Finding, ...] = ()
) -> HttpResponse:
    context = {
        "enterprise": enterprise,
        "form": form,
        "refusals": refusals,
        "waiting": open_request_of(enterprise),
        "changes": changes_of(enterprise),
        "former": former_codes_of(enterprise),
        "kept": kept_scan(request, _slot(enterprise)),
    }
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "enterprises/code_change.html", context, status=status)


@staff_required(Duty.REGISTRY)
@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    done = code_change_by_id(pk)
    detail: dict[str, object] = {"code_change": done.pk}
    audit.record(
        "enterprise.view_code_change", by=user_of(request), about=done.enterprise, detail=detail, request=request
    )
    name = f"信用代码变更证明-{done.pk}.{FileType(done.evidence_type).extension}"
    return file_to_save(done.evidence, name=name, content_type=done.evidence_type)
