"""政策延续: shows the back office the preview of an extension, its progress, its refusals, and its reversal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import staff_required
from accounts.access.requests import posted
from accounts.enums import Duty
from certificates.enums import Category, PolicyOutcome, PolicyState
from certificates.models import PolicyBatch
from common.dates import chinese_date
from common.findings import Finding, Refused
from common.web.methods import require_POST
from common.web.paging import paginate
from workflow.request_actor import actor_for

from . import reversal_starting, services, starting
from .forms import FIRST_WINDOW, PolicyForm, ReversalForm, SendBackForm
from .listing import is_before
from .preview import Preview, preview
from .selectors import batch_by_id, batches, is_first, rows_left_out

TONES = {
    PolicyState.DRAFT: "warn",
    PolicyState.AWAITING: "warn",
    PolicyState.RUNNING: "info",
    PolicyState.DONE: "good",
    PolicyState.TO_REVERSE: "warn",
    PolicyState.REVERSING: "info",
    PolicyState.REVERSED: "",
}
WORKING = (PolicyState.RUNNING, PolicyState.REVERSING)
ASKED = (PolicyState.AWAITING, PolicyState.TO_REVERSE)


@staff_required(Duty.DECIDE)
@never_cache
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    page = paginate(batches(), order=("-id",), cursor=request.GET.get("cursor"))
    rows = [{"batch": batch, "tone": TONES[PolicyState(batch.state)], "goal": goal_of(batch)} for batch in page.items]
    return render(request, "certificates/policies.html", {"page": page, "rows": rows})


def goal_of(batch: PolicyBatch) -> str:
    return f"至{chinese_date(batch.new_end)}" if batch.new_end else f"各 {batch.months} 个月"


@staff_required(Duty.DECIDE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def policy_new(request: HttpRequest) -> HttpResponse:
    """Stores a draft: no certificate changes before the button on the next page."""
    form = PolicyForm(posted(request), initial=_first())
    if form.is_valid():
        batch = services.create_draft(form.batch(), by=actor_for(request))
        return redirect("certificates:policy", pk=batch.pk)
    return render(request, "certificates/policy_new.html", {"form": form}, status=400 if form.errors else 200)


def _first() -> dict[str, object]:
    return {"window_from": FIRST_WINDOW[0], "window_to": FIRST_WINDOW[1]} if is_first() else {}


@staff_required(Duty.DECIDE)
@never_cache
@require_safe
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, batch_by_id(pk))


def page_of(
    request: HttpRequest,
    batch: PolicyBatch,
    *,
    refusals: tuple[Finding, ...] = (),
    form: ReversalForm | None = None,
    send_back_form: SendBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    state = PolicyState(batch.state)
    previewed, limit = _previewed(batch) if is_before(batch) else None, starting.limit_of(now())
    context = {
        "batch": batch,
        "tone": TONES[state],
        "facts": _facts(batch),
        "refusals": refusals,
        "is_draft": state == PolicyState.DRAFT,
        "progress": _progress(batch) if state in WORKING else None,
        "reversal": _reversal(request, batch, form, send_back_form, limit),
        "preview": previewed,
        "asks_first": previewed is not None and previewed["total"] >= limit,
        "limit": limit,
        "approval": _approval(request, batch, send_back_form) if state == PolicyState.AWAITING else None,
        "counts": [(one.label, batch.counts[one]) for one in PolicyOutcome if one in batch.counts],
        "page": paginate(rows_left_out(batch), order=("id",), cursor=request.GET.get("cursor")),
    }
    return render(request, "certificates/policy.html", context, status=status)


def _approval(request: HttpRequest, batch: PolicyBatch, form: SendBackForm | None) -> dict[str, object]:
    """Says whether this reader is the second person; the buttons stand only there."""
    return {"why_not": starting.why_not_approve(batch, actor_for(request)), "form": form or SendBackForm()}


def _reversal(
    request: HttpRequest, batch: PolicyBatch, form: ReversalForm | None, back: SendBackForm | None, limit: int
) -> dict[str, object] | None:
    """Answers None unless the batch may be taken back, or waits for a second person's word on that."""
    if batch.state not in (PolicyState.DONE, PolicyState.TO_REVERSE):
        return None
    total = reversal_starting.to_take_back(batch)
    if batch.state == PolicyState.DONE:
        return {"total": total, "asks_first": total >= limit, "form": form or ReversalForm()}
    why_not = reversal_starting.why_not_approve_reversal(batch, actor_for(request))
    return {"total": total, "is_asked": True, "why_not": why_not, "form": back or SendBackForm()}


def _facts(batch: PolicyBatch) -> list[tuple[str, object]]:
    categories = "、".join(Category(one).label for one in batch.categories) or "全部"
    facts: list[tuple[str, object]] = [
        ("文号", batch.document_number),
        ("依据和说明", batch.reason),
        ("原有效期止", f"{chinese_date(batch.window_from)}至{chinese_date(batch.window_to)}"),
        ("证书类别", categories),
        ("延续", goal_of(batch)),
        ("经办人", f"{batch.created_by.name}，{chinese_date(batch.created_at)}"),
    ]
    if batch.asked_by and batch.asked_at:
        facts.append(("报批", f"{batch.asked_by.name}，{chinese_date(batch.asked_at)}"))
    if batch.approved_by and batch.approved_at:
        facts.append(("批准人", f"{batch.approved_by.name}，{chinese_date(batch.approved_at)}"))
    if batch.return_reason:
        facts.append(("未获批准", batch.return_reason))
    if batch.run_at:
        facts.append(("开始执行", chinese_date(batch.run_at)))
    if batch.reversal_asked_by and batch.reversal_asked_at:
        asked = f"{batch.reversal_document}，{chinese_date(batch.reversal_asked_at)}，{batch.reversal_asked_by.name}"
        facts.append(("撤回报批", asked))
    if batch.reversed_at:
        who = f"，{batch.reversed_by.name}" if batch.reversed_by else ""
        facts.append(("撤回", f"{batch.reversal_document}，{chinese_date(batch.reversed_at)}{who}"))
    return facts


def _previewed(batch: PolicyBatch) -> dict[str, Any]:
    found: Preview = preview(batch)
    by_category = "，".join(f"{category}证 {count}" for category, count in found.by_category.items())
    return {
        "total": found.total,
        "sample": found.sample,
        "open_cases": found.open_cases,
        "open_total": sum(one.count for one in found.open_cases),
        "facts": [
            ("符合条件的证书", f"{found.total} 本" + (f"（{by_category}）" if by_category else "")),
            ("暂扣，不延续", found.suspended),
            ("已终止，不涉及", found.ended),
            ("延续后有效", found.valid_after),
            ("无证件照，暂不签发", found.without_photo),
        ],
    }


def _progress(batch: PolicyBatch) -> dict[str, object]:
    is_reversing = batch.state == PolicyState.REVERSING
    left = batch.counts.get(PolicyOutcome.EXTENDED, 0)
    total = sum(batch.counts.values())
    return {
        "id": "policy-progress",
        "label": "撤回进度" if is_reversing else "执行进度",
        "done": total - left if is_reversing else total,
        "total": total if is_reversing else max(batch.expected, total),
        "running": True,
        "failed": False,
        "note": f"上次中断：{batch.error}。系统会自动重试。" if batch.error else "",
        "result_url": "",
    }


@staff_required(Duty.DECIDE)
@require_POST
def policy_start(request: HttpRequest, pk: int) -> HttpResponse:
    return act(
        request,
        pk,
        lambda: starting.start(pk, by=actor_for(request)),
        "已开始执行，完成后有消息提醒。",
        if_asked="已报批，批准人收到消息；批准后自动执行。",
    )


def act(
    request: HttpRequest,
    pk: int,
    work: Callable[[], None],
    words: str,
    *,
    if_asked: str = "",
    form: ReversalForm | None = None,
    send_back_form: SendBackForm | None = None,
) -> HttpResponse:
    """`if_asked` is said instead of `words` where the batch now waits for a second person. Forms keep what was typed."""
    batch_by_id(pk)
    try:
        work()
    except Refused as refused:
        page = batch_by_id(pk)
        return page_of(request, page, refusals=refused.findings, form=form, send_back_form=send_back_form, status=409)
    messages.success(request, if_asked if if_asked and batch_by_id(pk).state in ASKED else words)
    return redirect("certificates:policy", pk=pk)


@staff_required(Duty.DECIDE)
@require_POST
def policy_discard(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_by_id(pk)
    try:
        services.discard_draft(pk, by=actor_for(request))
    except Refused as refused:
        return page_of(request, batch, refusals=refused.findings, status=409)
    messages.success(request, "草稿已删除，没有改变任何证书。")
    return redirect("certificates:policies")


@staff_required(Duty.DECIDE)
@require_POST
def policy_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReversalForm(request.POST)
    if not form.is_valid():
        return page_of(request, batch_by_id(pk), form=form, status=400)
    document_number = form.cleaned_data["document_number"]
    return act(
        request,
        pk,
        lambda: reversal_starting.reverse(pk, document_number=document_number, by=actor_for(request)),
        "已开始撤回，完成后有消息提醒。",
        if_asked="撤回已报批，批准人收到消息；批准后自动撤回。",
        form=form,
    )
