"""工商登记查询: a registry clerk asks the business registry, accepts what it says, and registers who is not there yet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import Duty
from common.findings import Finding, Refused
from common.web.methods import require_POST
from enterprises.code_change.forms import CodeSearchForm
from enterprises.code_change.selectors import SHOWN, found_enterprises
from enterprises.models import RegistrySync

from . import services
from .findings import CLERKS_BACK, CLERKS_OUTDATED
from .forms import NewEnterpriseForm
from .selectors import answer_by_id, enterprise_by_id, not_found, open_requests, waiting_answers
from .taking_over import open_by_clerk
from .views import TOO_MANY


@staff_required(Duty.REGISTRY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _open_new(request)
    return _overview(request, NewEnterpriseForm(initial={"code": request.GET.get("code", "")[:60]}))


def _open_new(request: HttpRequest) -> HttpResponse:
    form = NewEnterpriseForm(request.POST)
    if not form.is_valid():
        return _overview(request, form)
    given = form.cleaned_data
    try:
        enterprise = open_by_clerk(given["code"], region=given["region"], by=user_of(request), now=timezone.now())
    except Refused as refused:
        return _overview(request, form, refused.findings)
    messages.success(request, f"{enterprise.name}已按工商登记录入，信用代码 {enterprise.uscc}，企业可以登录。")
    return redirect("enterprises:registry")


def _overview(request: HttpRequest, form: NewEnterpriseForm, refusals: tuple[Finding, ...] = ()) -> HttpResponse:
    filters = CodeSearchForm(request.GET)
    text = filters.cleaned_data["q"] if filters.is_valid() else ""
    rows, answers = found_enterprises(text), waiting_answers()
    context = {
        "filters": filters,
        "rows": rows,
        "is_asked": bool(text),
        "is_full": len(rows) == SHOWN,
        "answers": [(one, [change.label for change in services.differences(one)]) for one in answers],
        "requests": open_requests(timezone.now()),
        "not_found": not_found(),
        "form": form,
        "refusals": refusals,
    }
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "enterprises/registry.html", context, status=status)


@staff_required(Duty.REGISTRY)
@never_cache
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_by_id(pk)
    try:
        sync = services.ask_registry(enterprise, by=user_of(request), now=timezone.now(), back=CLERKS_BACK)
    except Refused as refused:
        return _answer(request, None, list(refused.findings), TOO_MANY.get(refused.findings[0].code, 409))
    if sync.accepted_at is not None:
        messages.success(request, f"{enterprise.name}的登记信息与工商登记一致，没有变化。")
        return redirect("enterprises:registry")
    return redirect("enterprises:registry_answer", pk=sync.pk)


@staff_required(Duty.REGISTRY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    sync = answer_by_id(pk)
    if request.method != "POST":
        if sync.accepted_at is not None:
            return redirect("enterprises:registry")
        return _answer(request, sync, [], 200)
    try:
        changed = services.accept(
            pk, enterprise_id=sync.enterprise_id, by=user_of(request), now=timezone.now(), outdated=CLERKS_OUTDATED
        )
    except Refused as refused:
        return _answer(request, None, list(refused.findings), 409)
    words = "、".join(one.label for one in changed) or "没有变化"
    messages.success(request, f"{sync.enterprise.name}已按工商登记更新：{words}。")
    return redirect("enterprises:registry")


def _answer(request: HttpRequest, sync: RegistrySync | None, findings: list[Finding], status: int) -> HttpResponse:
    context = {"sync": sync, "changes": services.differences(sync) if sync else [], "findings": findings}
    return render(request, "enterprises/registry_answer.html", context, status=status)
