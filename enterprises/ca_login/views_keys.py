"""Shows the pages on which an enterprise sees, renames and blocks its CA keys."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import operator_required
from accounts.access.requests import posted
from accounts.access.rights import Right, post_needs
from common.findings import Finding, Refused
from enterprises.ca_login.forms import BlockForm, OperatorNameForm
from enterprises.ca_login.selectors import former_certificates_of, key_of_enterprise, key_row, keys_of, logins_of

from . import key_services
from .backend import enterprise_of, key_of


@operator_required
@require_safe
def key_list(request: HttpRequest) -> HttpResponse:
    key = key_of(request)
    rows = keys_of(key.enterprise, key, now=timezone.now())
    return render(request, "enterprises/keys.html", {"enterprise": key.enterprise, "keys": rows, "own": key})


@operator_required
@post_needs(Right.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def key_detail(request: HttpRequest, pk: int) -> HttpResponse:
    own = key_of(request)
    shown = key_of_enterprise(pk, own.enterprise_id)
    form = OperatorNameForm(posted(request), initial={"operator_name": shown.operator_name})
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        name, now = form.cleaned_data["operator_name"], timezone.now()
        try:
            key_services.rename_operator(key_id=pk, operator_name=name, by=own, now=now)
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, "操作员姓名已保存。")
            return redirect("enterprises:key", pk=pk)
    context = {
        "row": key_row(shown, own, now=timezone.now()),
        "former": former_certificates_of(shown),
        "logins": logins_of(shown),
        "form": form,
        "refusals": refusals,
    }
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "enterprises/key.html", context, status=status)


@operator_required
@post_needs(Right.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def key_block(request: HttpRequest, pk: int) -> HttpResponse:
    blocked = key_of_enterprise(pk, enterprise_of(request).pk)
    form = BlockForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            key_services.block_key(
                key_id=pk, reason=form.cleaned_data["reason"], by=key_of(request), now=timezone.now()
            )
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, f"{blocked.operator_name}的 CA 锁已停用，不能再登录。")
            return redirect("enterprises:keys")
    context = {"key": blocked, "form": form, "refusals": refusals}
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "enterprises/key_block.html", context, status=status)
