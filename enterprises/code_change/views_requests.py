"""信用代码变更复核: shows the page on which a second clerk confirms or refuses what the first one has asked for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import Duty
from accounts.people.natural_persons import is_same_person
from common.files.uploads import FileType
from common.findings import Finding, Refused
from common.web.downloads import file_to_save
from enterprises.models import CodeChangeRequest

from .forms import ConfirmCodeForm, RefuseCodeForm
from .selectors import code_request_by_id
from .two_clerks import confirm_code, refuse_code


@staff_required(Duty.REGISTRY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code_request(request: HttpRequest, pk: int) -> HttpResponse:
    asked = code_request_by_id(pk)
    if request.method != "POST":
        return _page(request, asked)
    if request.POST.get("action") == "refuse":
        return _refuse(request, asked)
    form = ConfirmCodeForm(request.POST, auto_id="confirm_%s")
    if not form.is_valid():
        return _page(request, asked, confirm=form)
    try:
        done = confirm_code(asked.pk, code=form.cleaned_data["code"], by=user_of(request), now=timezone.now())
    except Refused as refused:
        return _page(request, code_request_by_id(pk), refused.findings, confirm=form)
    messages.success(request, f"号码已变更为{done.code}，企业会收到消息。人员、证书、办件和操作员都不变。")
    return redirect("enterprises:change_code", pk=asked.enterprise_id)


def _refuse(request: HttpRequest, asked: CodeChangeRequest) -> HttpResponse:
    form = RefuseCodeForm(request.POST, auto_id="refuse_%s")
    if not form.is_valid():
        return _page(request, asked, refuse=form)
    try:
        refuse_code(asked.pk, answer=form.cleaned_data["answer"], by=user_of(request), now=timezone.now())
    except Refused as refused:
        return _page(request, code_request_by_id(asked.pk), refused.findings, refuse=form)
    messages.success(request, "已办结，企业的号码没有改变。")
    return redirect("enterprises:code_search")


@staff_required(Duty.REGISTRY)
@require_safe
def request_evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    asked = code_request_by_id(pk)
    detail: dict[str, object] = {"request": asked.pk}
    audit.record(
        "enterprise.view_code_change", by=user_of(request), about=asked.enterprise, detail=detail, request=request
    )
    name = f"信用代码变更证明-{asked.pk}.{FileType(asked.evidence_type).extension}"
    return file_to_save(asked.evidence, name=name, content_type=asked.evidence_type)


def _page(
    request: HttpRequest,
    asked: CodeChangeRequest,
    refusals: tuple[Finding, ...] = (),
    *,
    confirm: ConfirmCodeForm | None = None,
    refuse: RefuseCodeForm | None = None,
) -> HttpResponse:
    context = {
        "asked": asked,
        "is_own": is_same_person(user_of(request), asked.requested_by),
        "confirm": confirm or ConfirmCodeForm(auto_id="confirm_%s"),
        "refuse": refuse or RefuseCodeForm(auto_id="refuse_%s"),
        "refusals": refusals,
    }
    status = 409 if refusals else 400 if confirm or refuse else 200
    return render(request, "enterprises/code_request.html", context, status=status)
