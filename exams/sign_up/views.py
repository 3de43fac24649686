"""安管人员考试报名: shows the pages on which an enterprise finds a batch, signs people up, and sees its entries."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import operator_required
from accounts.access.rights import Right, post_needs
from common.dates import chinese_date
from common.findings import Refused
from common.tabular.text_workbook import XLSX
from common.web.downloads import content_to_save
from common.web.methods import require_POST
from common.web.paging import capped_count, paginate
from enterprises.ca_login.backend import enterprise_of
from exams.enums import TONES, BatchStatus, EntryState
from exams.filters import BatchFilters, OwnEntryFilters
from exams.models import ExamBatch, ExamEntry
from exams.permissions import why_not_withdraw
from exams.selectors import (
    STAGED,
    batches_entered,
    batches_for,
    entries_of_enterprise,
    entry_of_enterprise,
    with_stage,
)
from workflow.request_actor import actor_for
from workflow.selectors.bars import bars_caused_by

from .exporting import write_entries
from .services import withdraw_entry


@operator_required
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    enterprise, today = enterprise_of(request), localdate()
    filters = BatchFilters(request.GET)
    found = with_stage(filters.narrowed(batches_for(enterprise)), today)
    page = paginate(found, order=STAGED, cursor=request.GET.get("cursor"))
    rows: list[dict[str, object]] = []
    over: list[dict[str, object]] = []
    for batch in page.items:
        (over if is_over(batch, today) else rows).append({"batch": batch, "state": state_of(batch, today)})
    context = {
        "enterprise": enterprise,
        "filters": filters,
        "is_filtered": filters.has_changed(),
        "page": page,
        "rows": rows,
        "over": over,
    }
    return render(request, "exams/enterprise.html", context)


def is_over(batch: ExamBatch, today: date) -> bool:
    """Answers whether the enterprise has nothing more to do with the batch."""
    return batch.status == BatchStatus.CALLED_OFF or batch.exam_to < today


def state_of(batch: ExamBatch, today: date) -> dict[str, object]:
    """Answers in a word whether a batch is open for sign-up, and where its exam stands after that."""
    if batch.status != BatchStatus.ANNOUNCED:
        tone = "bad" if batch.status == BatchStatus.CALLED_OFF else "warn"
        return {"text": batch.get_status_display(), "tone": tone, "is_open": False}
    if today > batch.exam_to:
        return {"text": "已考完", "tone": "", "is_open": False}
    if today >= batch.exam_from:
        return {
            "text": "今天考试" if batch.exam_from == batch.exam_to else "正在考试",
            "tone": "info",
            "is_open": False,
        }
    if today < batch.sign_up_from:
        return {"text": "未开始报名", "tone": "", "is_open": False}
    if today > batch.sign_up_to:
        return {"text": "报名已截止", "tone": "", "is_open": False}
    full = batch.places_left < 1
    return {"text": "名额已满" if full else "正在报名", "tone": "warn" if full else "good", "is_open": not full}


@operator_required
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    enterprise, today, actor = enterprise_of(request), localdate(), actor_for(request)
    filters = OwnEntryFilters(request.GET, batches=batches_entered(enterprise.pk))
    found = filters.narrowed(entries_of_enterprise(enterprise.pk))
    page = paginate(found, order=("-id",), cursor=request.GET.get("cursor"))
    total, more = capped_count(found)
    bars = bars_caused_by([f"exam_entry:{entry.pk}" for entry in page.items])
    context = {
        "enterprise": enterprise,
        "filters": filters,
        "is_filtered": filters.has_changed(),
        "page": page,
        "rows": [
            {
                "entry": entry,
                "bar": bars.get(f"exam_entry:{entry.pk}"),
                "tone": TONES[EntryState(entry.state)],
                # On the day itself they may still come.
                "may_excuse": entry.may_be_excused and entry.batch.exam_to < today,
                "may_withdraw": why_not_withdraw(actor, entry, today=today) is None,
            }
            for entry in page.items
        ],
        "total_text": f"共 {total} 条{'以上' if more else ''}",
        "query": request.GET.urlencode(),
    }
    return render(request, "exams/entries.html", context)


@operator_required
@post_needs(Right.READ)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """A POST, because who takes the list is noted."""
    enterprise = enterprise_of(request)
    filters = OwnEntryFilters(request.GET, batches=batches_entered(enterprise.pk))
    found = filters.narrowed(entries_of_enterprise(enterprise.pk))
    content = write_entries(found, is_full=request.POST.get("full") == "on", by=actor_for(request))
    return content_to_save(content, name=f"报名情况-{localdate():%Y%m%d}.xlsx", content_type=XLSX)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and says what follows."""
    entry = entry_of_enterprise(enterprise_of(request).pk, pk)
    actor = actor_for(request)
    if request.method != "POST":
        refusal = why_not_withdraw(actor, entry, today=localdate())
        back = reverse("exams:entries")
        return render(request, "exams/withdraw.html", withdrawing(entry, refusal=refusal, back=back, again=AGAIN))
    try:
        withdraw_entry(entry.pk, actor=actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已取消{entry.person.name}的报名，名额已退回；截止前可以重新报名。")
    return redirect("exams:entries")


AGAIN = "名额当时退回，可能被别人报走；报名截止前还有名额的，可以重新报名。本人会收到消息，审核从头开始。"


def withdrawing(entry: ExamEntry, *, refusal: str | None, back: str, again: str) -> dict[str, object]:
    """Answers the context of the question before a withdrawal, for enterprise and person."""
    batch = entry.batch
    told = [
        ("姓名", entry.person.name),
        ("报考", f"{entry.category}证，{entry.get_post_display()}"),
        ("批次", batch.name),
        ("报名截止", chinese_date(batch.sign_up_to)),
        ("考试日期", chinese_date(batch.exam_from)),
        ("现在的状态", entry.get_state_display()),
        ("取消以后", again),
    ]
    return {"entry": entry, "facts": told, "refusal": refusal, "cancel_url": back}
