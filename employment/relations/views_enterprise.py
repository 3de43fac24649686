"""人员聘用管理: shows present, proposed and former employees, and the page that ends an employment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import operator_required
from accounts.access.requests import posted
from accounts.access.rights import Right, post_needs
from common.findings import Finding, Refused
from common.tabular.text_workbook import XLSX
from common.web.downloads import content_to_save
from common.web.methods import require_POST
from common.web.paging import capped_count, paginate
from employment.proposing.selectors import proposal_rows
from employment.relations.exporting import write_employments
from employment.relations.forms import EndForm, StaffFilters
from employment.relations.qualification_mismatches import registered_elsewhere
from employment.relations.selectors import employment_at, ends_soon, former_staff_of, narrowed, staff_of
from employment.relations.warnings import warnings_of
from employment.renewing.reminding import reminded_times
from employment.renewing.selectors import awaiting_person, former_terms_of, open_changes
from enterprises.ca_login.backend import enterprise_of
from enterprises.models import Enterprise
from workflow.request_actor import actor_for

from . import services as relations_services

Context = dict[str, Any]


@operator_required
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    enterprise = enterprise_of(request)
    waiting, more = capped_count(awaiting_person(enterprise.pk, is_open=True), cap=99)
    tab = request.GET.get("tab", "")
    tab = tab if tab in _TABS else "staff"
    template, load = _TABS[tab]
    context = {
        "enterprise": enterprise,
        "tab": tab,
        "waiting": f"{waiting}+" if more else str(waiting or ""),
        **load(request, enterprise),
    }
    return render(request, template, context)


def _staff(request: HttpRequest, enterprise: Enterprise) -> Context:
    filters = StaffFilters(request.GET)
    filters.is_valid()
    today = localdate()
    found = narrowed(staff_of(enterprise.pk), filters.cleaned_data, today=today)
    count, more = capped_count(found)
    page = paginate(found, order=("-started_at",), cursor=request.GET.get("cursor"))
    mismatches = registered_elsewhere(page.items, on=today)
    changes, former = open_changes(page.items), former_terms_of(page.items)
    return {
        "filters": filters,
        "page": page,
        "rows": [
            {
                "employment": row,
                "findings": mismatches[row.pk],
                "change": changes.get(row.pk),
                "ends_soon": ends_soon(row, today),
                "former_terms": former.get(row.pk, []),
            }
            for row in page.items
        ],
        "total_text": f"{count} 人以上" if more else f"共 {count} 人",
        "is_filtered": filters.has_changed(),
        "today": today,
        "query": request.GET.urlencode(),
    }


def _proposals(request: HttpRequest, enterprise: Enterprise) -> Context:
    page = paginate(awaiting_person(enterprise.pk, is_open=True), order=("due_on",), cursor=request.GET.get("cursor"))
    reminded = reminded_times(row.pk for row in page.items)
    return {"page": page, "rows": proposal_rows(page.items, reminded=reminded)}


def _former(request: HttpRequest, enterprise: Enterprise) -> Context:
    return {
        "page": paginate(former_staff_of(enterprise.pk), order=("-ended_at",), cursor=request.GET.get("cursor")),
    }


def _closed(request: HttpRequest, enterprise: Enterprise) -> Context:
    page = paginate(awaiting_person(enterprise.pk, is_open=False), order=("-id",), cursor=request.GET.get("cursor"))
    return {"page": page, "rows": proposal_rows(page.items)}


_TABS: dict[str, tuple[str, Callable[[HttpRequest, Enterprise], Context]]] = {
    "staff": ("employment/staff.html", _staff),
    "proposals": ("employment/proposals.html", _proposals),
    "history": ("employment/history.html", _former),
    "closed": ("employment/closed.html", _closed),
}


@operator_required
@post_needs(Right.READ)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """A POST, because who takes the list is noted."""
    filters, today = StaffFilters(request.GET), localdate()
    wanted = filters.cleaned_data if filters.is_valid() else {}
    is_full = request.POST.get("full") == "on"
    content = write_employments(wanted, today=today, is_full=is_full, by=actor_for(request))
    return content_to_save(content, name=f"在聘人员-{today:%Y%m%d}.xlsx", content_type=XLSX)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    employment = employment_at(enterprise_of(request).pk, pk)
    if not employment.is_active:
        messages.info(request, "该聘用关系已经解除，不需要再次操作。")
        return redirect("employment:enterprise")
    form = EndForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            relations_services.end_by_enterprise(
                employment_id=employment.pk, actor=actor_for(request), note=form.cleaned_data["note"]
            )
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, f"已解除与{employment.person.name}的聘用关系，本人会收到消息。")
            return redirect("employment:enterprise")
    context = {
        "employment": employment,
        "form": form,
        "refusals": refusals,
        "warnings": warnings_of(employment),
    }
    status = 409 if refusals else 400 if request.method == "POST" else 200
    return render(request, "employment/end.html", context, status=status)
