"""合同到期: shows whose contract ends when, and takes renewals of many at once, by a page that shows each new end."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import operator_required
from accounts.access.requests import posted
from accounts.access.rights import Right, post_needs
from common.findings import Finding, Refused
from common.tabular.text_workbook import XLSX
from common.web.downloads import content_to_save
from common.web.ids import id_of, ids_of
from common.web.methods import require_POST
from common.web.paging import capped_count, paginate
from employment.models import Employment
from employment.renewing.selectors import awaiting_person
from employment.renewing.services import Proposed
from employment.renewing.terms import state_of
from enterprises.ca_login.backend import enterprise_of
from workflow.request_actor import actor_for

from .exporting import write_contract_ends
from .forms import EndsFilter, LengthForm, NewEndsForm
from .selectors import MOST_AT_ONCE, all_ends, end_rows, ended_with_contract, named_ends, open_cases, with_ends
from .services import propose_new_ends

PAGE = 50
NOBODY = Finding(
    "renewal.nobody", "没有可以续签的人员", "请先勾选；已提出续签、本人正在申请解除的，不用再提。", turn="企业"
)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_ends(request: HttpRequest) -> HttpResponse:
    """A POST with `action` `picked` or `all` leads to the page with each new end; nothing is proposed yet."""
    length = LengthForm(posted(request))
    if request.method != "POST":
        return _list(request, length)
    try:
        rows, left_out = _wanted(request)
    except Refused as refused:
        return _list(request, length, refused.findings, 409)
    if not length.is_valid():
        return _list(request, length, status=400)
    ends = {row.pk: length.new_end(row.contract_to) for row in rows if row.contract_to}
    return _ends_page(request, rows, NewEndsForm(employments=rows, ends=ends), left_out)


def _list(
    request: HttpRequest, length: LengthForm, refusals: Sequence[Finding] = (), status: int = 200
) -> HttpResponse:
    enterprise, today = enterprise_of(request), localdate()
    filters = EndsFilter(request.GET)
    wanted = filters.narrowing()
    found = with_ends(enterprise.pk, wanted, today=today)
    count, more = capped_count(found)
    page = paginate(found, order=("contract_to",), cursor=request.GET.get("cursor"), size=PAGE)
    waiting, many = capped_count(awaiting_person(enterprise.pk, is_open=True), cap=99)
    rows = end_rows(page.items, today=today)
    picked = {pk for value in request.POST.getlist("picked") if (pk := id_of(value))}
    context = {
        "tab": "contracts",
        "waiting": f"{waiting}+" if many else str(waiting or ""),
        "filters": EndsFilter(wanted),
        "is_narrowed": bool(wanted.get("name") or wanted.get("post")),
        "page": page,
        "rows": rows,
        "ended": ended_with_contract(enterprise, today=today) if not request.GET.get("cursor") else [],
        "may_renew": any(row.may_be_renewed for row in rows),
        "length": length,
        "picked": picked,
        "refusals": refusals,
        "today": today,
        "query": request.GET.urlencode(),
        "total_text": f"{count} 人以上" if more else f"共 {count} 人",
    }
    return render(request, "employment/contract_ends.html", context, status=status)


@operator_required
@require_POST
def renew_many(request: HttpRequest) -> HttpResponse:
    """Proposes the new ends."""
    try:
        rows, left_out = _wanted(request)
    except Refused as refused:
        return _result(request, Proposed(), [], refusals=refused.findings)
    form = NewEndsForm(request.POST, employments=rows, ends={})
    if not form.is_valid():
        return _ends_page(request, rows, form, left_out, 400)
    seen = {row.pk: request.POST.get(f"terms_{row.pk}", "") for row in rows}
    result = propose_new_ends(rows, form.new_ends(), seen=seen, actor=actor_for(request))
    if not result.refused and not left_out:
        messages.success(request, _sent_words(result))
        return redirect(reverse("employment:enterprise") + "?tab=proposals")
    return _result(request, result, rows, left_out=left_out)


def _result(
    request: HttpRequest,
    result: Proposed,
    rows: Sequence[Employment],
    *,
    left_out: int = 0,
    refusals: Sequence[Finding] = (),
) -> HttpResponse:
    refused = [{"employment": row, "findings": result.refused[row.pk]} for row in rows if row.pk in result.refused]
    context = {"done": len(result.filed), "refused": refused, "left_out": left_out, "refusals": refusals}
    return render(request, "employment/new_ends_result.html", context, status=200 if result.filed else 409)


def _wanted(request: HttpRequest) -> tuple[list[Employment], int]:
    """Answers the employments that may be renewed, and how many of those named may not. Raises Refused for none."""
    enterprise_id, today = enterprise_of(request).pk, localdate()
    if request.POST.get("action") == "all":
        rows = all_ends(enterprise_id, EndsFilter(request.GET).narrowing(), today=today)
        named = len(rows)
    else:
        ids = ids_of(request.POST.getlist("picked"), at_most=MOST_AT_ONCE)
        rows, named = named_ends(enterprise_id, ids), len(ids)
    cases = open_cases(row.pk for row in rows)
    free = [row for row in rows if row.pk not in cases]
    if not free:
        raise Refused(NOBODY)
    return free, named - len(free)


def _ends_page(
    request: HttpRequest, rows: Sequence[Employment], form: NewEndsForm, left_out: int, status: int = 200
) -> HttpResponse:
    lines = [{"employment": row, "field": form[f"end_{row.pk}"], "seen": state_of(row)} for row in rows]
    context = {"form": form, "lines": lines, "left_out": left_out, "today": localdate()}
    return render(request, "employment/new_ends.html", context, status=status)


def _sent_words(result: Proposed) -> str:
    return f"已向 {len(result.filed)} 人提出续签，请提醒本人在手机端确认。确认之前，现在的登记不变。"


@operator_required
@post_needs(Right.READ)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """A POST, because who takes the list is noted."""
    wanted = EndsFilter(request.GET).narrowing()
    is_full = request.POST.get("full") == "on"
    content = write_contract_ends(wanted, today=localdate(), is_full=is_full, by=actor_for(request))
    return content_to_save(content, name=f"合同到期-{localdate():%Y%m%d}.xlsx", content_type=XLSX)
