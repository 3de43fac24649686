"""常用原因: the province keeps the reasons that reviewers tick when they return or reject a case."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from common.findings import Finding, Refused
from common.web.methods import require_POST
from workflow.request_actor import actor_for
from workflow.selectors.reasons import find_reason, reasons_in_use
from workflow.services.reasons import add_reason, retire_reason

from ..business import businesses
from .reasons_form import NewReasonForm


@staff_required(Duty.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def reasons(request: HttpRequest) -> HttpResponse:
    form = NewReasonForm(request.POST if request.method == "POST" else None)
    refusals: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            reason = add_reason(**form.cleaned_data, actor=actor_for(request))
        except Refused as refused:
            refusals = list(refused.findings)
        else:
            messages.success(request, f"已增加：{reason.words}")
            return redirect("workflow:reasons")
    titles = {business.kind: business.title for business in businesses()}
    context = {
        "rows": [(reason, titles.get(reason.kind, "所有业务")) for reason in reasons_in_use()],
        "form": form,
        "refusals": refusals,
    }
    return render(request, "workflow/reasons.html", context, status=409 if refusals else 400 if form.errors else 200)


@staff_required(Duty.DECIDE)
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    reason = find_reason(pk)
    if reason is None:
        raise Http404("没有这条原因")
    try:
        retire_reason(reason.pk, actor=actor_for(request))
    except Refused as refused:
        messages.error(request, "；".join(f"{one.message}。{one.detail}" for one in refused.findings))
    else:
        messages.success(request, f"已停用：{reason.words}")
    return redirect("workflow:reasons")
