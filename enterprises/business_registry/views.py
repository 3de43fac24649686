"""工商信息数据同步: shows the pages on which an enterprise asks the registry, sees the differences, and accepts them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import operator_required
from common.findings import Finding, Refused
from enterprises.ca_login.backend import key_of
from enterprises.models import RegistrySync

from . import services
from .selectors import answer_for

TOO_MANY = {"registry.too_often": 429}


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("enterprises:profile")
    key = key_of(request)
    try:
        sync = services.ask_registry(key.enterprise, by=key.user, now=timezone.now())
    except Refused as refused:
        return _page(request, None, list(refused.findings), TOO_MANY.get(refused.findings[0].code, 409))
    if sync.accepted_at is not None:
        messages.success(request, "已同步：登记信息与工商登记一致，没有变化。")
        return redirect("enterprises:profile")
    return redirect("enterprises:sync_review", pk=sync.pk)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    key = key_of(request)
    sync = answer_for(key.enterprise_id, pk)
    if request.method != "POST":
        if sync.accepted_at is not None:
            return redirect("enterprises:profile")
        return _page(request, sync, [], 200)
    try:
        changed = services.accept(pk, enterprise_id=key.enterprise_id, by=key.user, now=timezone.now())
    except Refused as refused:
        return _page(request, None, list(refused.findings), 409)
    messages.success(request, f"已更新：{'、'.join(one.label for one in changed) or '没有变化'}。")
    return redirect("enterprises:profile")


def _page(request: HttpRequest, sync: RegistrySync | None, findings: list[Finding], status: int) -> HttpResponse:
    context = {"sync": sync, "changes": services.differences(sync) if sync else [], "findings": findings}
    return render(request, "enterprises/sync.html", context, status=status)
