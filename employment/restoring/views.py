"""恢复聘用关系: shows enterprises that exist again, whom their dissolution released, and what was restored."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import staff_required
from accounts.access.requests import posted, user_of
from accounts.enums import Duty
from common.findings import Finding, Refused
from common.web.paging import paginate

from .forms import RestoreForm
from .selectors import ended_by_dissolution, enterprise_by_id, restorable, to_restore
from .services import restore_employments


@staff_required(Duty.REGISTRY)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    page = paginate(to_restore(localdate()), order=("name",), cursor=request.GET.get("cursor"))
    return render(request, "employment/restore_list.html", {"page": page})


@staff_required(Duty.REGISTRY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_by_id(pk)
    form = RestoreForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            done = restore_employments(
                enterprise_id=enterprise.pk, reason=form.cleaned_data["reason"], by=user_of(request)
            )
        except Refused as refused:
            refusals = refused.findings
        else:
            return render(request, "employment/restored.html", {"enterprise": enterprise, "rows": done})
    rows = restorable(list(ended_by_dissolution(enterprise.pk)), localdate())
    context = {
        "enterprise": enterprise,
        "rows": rows,
        "may_restore": not enterprise.is_gone and any(not row.why_not for row in rows),
        "form": form,
        "refusals": refusals,
    }
    status = 409 if refusals else 400 if form.errors else 200
    return render(request, "employment/restore.html", context, status=status)
