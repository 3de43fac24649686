"""Shows the pages on which a manager sets the role of an operator and delegates rights for some days."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import operator_required
from accounts.access.requests import posted
from accounts.access.rights import Right, post_needs
from common.findings import Finding, Refused
from common.forms import said_at_fields
from common.web.methods import require_POST
from enterprises.ca_login.backend import enterprise_of, key_of
from enterprises.ca_login.selectors import key_of_enterprise
from enterprises.enums import OperatorRole
from enterprises.rights import services

from .forms import DelegationForm, RoleForm
from .selectors import delegation_of_enterprise, delegations_of


@operator_required
@post_needs(Right.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, pk: int) -> HttpResponse:
    shown = key_of_enterprise(pk, enterprise_of(request).pk)
    form = RoleForm(posted(request), initial={"role": shown.role, "may_confirm": shown.may_confirm})
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            changed = services.set_role(key_id=pk, **form.cleaned_data, by=key_of(request), now=timezone.now())
        except Refused as refused:
            refusals = refused.findings
        else:
            label = OperatorRole(changed.role).label
            messages.success(request, f"{changed.operator_name}的角色：{label}。已记入日志并通知本企业。")
            return redirect("enterprises:key", pk=pk)
    context = {"key": shown, "form": form, "refusals": refusals}
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "enterprises/operator_role.html", context, status=status)


@operator_required
@post_needs(Right.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    shown = key_of_enterprise(pk, enterprise_of(request).pk)
    form = DelegationForm(posted(request), initial={"right": Right.CONFIRM.value, "starts_on": localdate()})
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            services.delegate(key_id=pk, **form.cleaned_data, by=key_of(request), now=timezone.now())
        except Refused as refused:
            refusals = said_at_fields(form, refused.findings)
        else:
            messages.success(request, f"已授权{shown.operator_name}，到期自动结束。")
            return redirect("enterprises:key", pk=pk)
    context = {"key": shown, "form": form, "refusals": refusals, "delegations": delegations_of(shown)}
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "enterprises/operator_delegate.html", context, status=status)


@operator_required
@post_needs(Right.MANAGE)
@require_POST
def end_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    delegation = delegation_of_enterprise(pk, enterprise_of(request).pk)
    try:
        services.end_delegation(delegation_id=pk, by=key_of(request), now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.in_words)
    else:
        messages.success(request, f"已收回对{delegation.key.operator_name}的授权，立即生效。")
    return redirect("enterprises:key", pk=delegation.key_id)
