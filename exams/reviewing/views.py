"""Shows the office's page on which entries are reviewed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from common.findings import Refused
from common.web.ids import ids_of
from common.web.methods import require_POST
from common.web.paging import capped_count, paginate
from exams.enums import EntryState
from exams.reviewing import services as reviewing_services
from exams.selectors import entries_to_review, readable_entries, readable_entry
from exams.sign_up.services import withdraw_entry
from workflow.actors import Actor
from workflow.forms import states_of
from workflow.request_actor import actor_for
from workflow.views.refusals import for_reader

from .queue import listed, query_of
from .selectors import overdue_count, rows_of


def office_tabs(actor: Actor, tab: str) -> dict[str, object]:
    """Answers the context of the tabs above the office's lists."""
    may_review = Duty.REVIEW in actor.duties
    waiting, more = capped_count(entries_to_review(actor), cap=99) if may_review else (0, False)
    return {"tab": tab, "may_review": may_review, "waiting": f"{waiting}{'+' if more else ''}" if waiting else ""}


@staff_required(Duty.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    picked, problem = _picked(request)
    if request.method == "POST":
        comment = request.POST.get("comment", "").strip()
        refuse = request.POST.get("action") == "refuse"
        if not picked:
            problem = problem or "请先勾选要审核的报名。"
        elif refuse and not comment:
            problem = "不通过必须写明原因，企业和本人会看到。"
        else:
            shown = states_of(request.POST.getlist("seen"))
            seen = {pk: shown.get(pk, 0) for pk in picked}
            done = (
                reviewing_services.refuse_entries(picked, comment=comment, actor=actor, seen=seen)
                if refuse
                else reviewing_services.approve_entries(picked, actor=actor, seen=seen)
            )
            return _reviewed(request, done, "审核不通过" if refuse else "审核通过")
    return _list(request, actor, picked, problem)


def _list(request: HttpRequest, actor: Actor, picked: list[int], problem: str) -> HttpResponse:
    filters, found = listed(request, actor)
    page = paginate(found, order=("id",), cursor=request.GET.get("cursor"))
    total, more = capped_count(found)
    context = {
        "filters": filters,
        "is_filtered": filters.has_changed(),
        "page": page,
        "rows": rows_of(page.items, localdate()),
        "query": query_of(request),
        "may_pick": any(entry.state == EntryState.ENTERED for entry in page.items),
        "picked": set(picked),
        "problem": problem,
        "comment": request.POST.get("comment", ""),
        "bulk_actions": REVIEW_ACTIONS,
        "total_text": f"共 {total} 条{'以上' if more else ''}",
        "late": overdue_count(actor, localdate()),
        **office_tabs(actor, "review"),
    }
    return render(request, "exams/review.html", context, status=400 if problem else 200)


def _picked(request: HttpRequest) -> tuple[list[int], str]:
    """Answers the ids of the ticked entries, or none and the reason where there are too many."""
    try:
        return ids_of(request.POST.getlist("picked")), ""
    except Refused as refused:
        return [], f"{refused}。{refused.findings[0].detail}"


REVIEW_ACTIONS = (
    {"value": "approve", "label": "审核通过", "tone": "primary"},
    {"value": "refuse", "label": "不通过", "tone": "outline-danger"},
)


def _reviewed(request: HttpRequest, result: reviewing_services.Reviewed, title: str) -> HttpResponse:
    if not result.refused:
        messages.success(request, f"{title} {len(result.done)} 条，企业和本人会收到消息。")
        return redirect("exams:review")
    ids = [*result.refused, *result.done]
    actor = actor_for(request)
    entries = readable_entries(actor).in_bulk(ids)
    rows: list[dict[str, Any]] = [
        {"entry": entries[pk], "findings": for_reader(result.refused.get(pk, []), actor)} for pk in ids if pk in entries
    ]
    context = {
        "rows": rows,
        "title": title,
        "done": len(result.done),
        "refused": len(result.refused),
        "unknown": [reviewing_services.UNKNOWN] if len(rows) < len(ids) else [],
    }
    return render(request, "exams/review_result.html", context)


@staff_required(Duty.REVIEW)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraws the entry of somebody who has left the enterprise that signed up."""
    actor = actor_for(request)
    entry = readable_entry(actor, pk)
    try:
        withdraw_entry(entry.pk, actor=actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已取消{entry.person.name}的报名，企业和本人会收到消息。")
    return redirect("exams:batch", entry.batch_id)
