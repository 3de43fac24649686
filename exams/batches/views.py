"""Exams in the back office: batches, review of entries, results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import staff_required
from accounts.access.requests import posted
from accounts.enums import Duty
from administration.parameters.book import ParameterBook
from common.dates import chinese_date
from common.findings import Finding, Refused
from common.web.ids import ids_of
from common.web.paging import capped_count, paginate
from exams.enums import LIVE, TONES, BatchStatus, EntryState
from exams.models import ExamBatch, ExamEntry
from exams.permissions import readable, results_of, to_review, why_not_manage, why_not_record
from exams.results import services as results_services
from exams.reviewing import services as reviewing_services
from exams.selectors import counts_of
from workflow.actors import Actor
from workflow.request_actor import actor_for

from . import services as batches_services
from .forms import AnnouncedForm, BatchFilters, BatchForm, CallOffForm, EntryFilters, ResultForm, initial_result

EXAM_DUTIES = (Duty.REVIEW, Duty.DECIDE, Duty.ORGANISE)
STATUS_TONES = {BatchStatus.DRAFT: "warn", BatchStatus.ANNOUNCED: "good", BatchStatus.CALLED_OFF: "bad"}


def visible_batches(actor: Actor) -> QuerySet[ExamBatch]:
    """The province sees all; organisers their own; reviewers what is announced."""
    rows = ExamBatch.objects.select_related("region", "organiser")
    announced = ~Q(status=BatchStatus.DRAFT)
    return rows.filter(announced | results_of(actor) if Duty.REVIEW in actor.duties else results_of(actor))


@staff_required(EXAM_DUTIES)
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    filters = BatchFilters(request.GET)
    page = paginate(filters.narrowed(visible_batches(actor)), order=("-exam_from",), cursor=request.GET.get("cursor"))
    counts = counts_of([batch.pk for batch in page.items])
    context = {
        "filters": filters,
        "is_filtered": filters.has_changed(),
        "page": page,
        "rows": [
            {
                "batch": batch,
                "tone": STATUS_TONES[BatchStatus(batch.status)],
                "waiting": counts.get(batch.pk, {}).get(EntryState.ENTERED, 0),
            }
            for batch in page.items
        ],
        "may_manage": why_not_manage(actor) is None,
        **_tabs(actor, "batches"),
    }
    return render(request, "exams/office.html", context)


def _tabs(actor: Actor, tab: str) -> dict[str, object]:
    """What the frame of the office's lists shows."""
    may_review = Duty.REVIEW in actor.duties
    waiting, more = capped_count(ExamEntry.objects.filter(to_review(actor)), cap=99) if may_review else (0, False)
    return {"tab": tab, "may_review": may_review, "waiting": f"{waiting}{'+' if more else ''}" if waiting else ""}


@staff_required(Duty.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_new(request: HttpRequest) -> HttpResponse:
    form = BatchForm(posted(request))
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            batch = batches_services.create_batch(ExamBatch(**form.values()), by=actor_for(request))
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, "批次已保存为草稿。核对无误后公布，企业才能看到。")
            return redirect("exams:batch", pk=batch.pk)
    return _form_page(request, form, refusals, None)


@staff_required(Duty.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_change(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ExamBatch, pk=pk)
    kept = {field.name: getattr(batch, field.name) for field in batch._meta.concrete_fields}
    initial = kept | {"region": batch.region_id, "organiser": batch.organiser_id}
    form_class = BatchForm if batch.status == BatchStatus.DRAFT else AnnouncedForm
    form = form_class(posted(request), initial=initial)
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            batches_services.change_batch(pk, by=actor_for(request), **form.values())
        except Refused as refused:
            refusals = refused.findings
        else:
            messages.success(request, "批次已修改。")
            return redirect("exams:batch", pk=pk)
    return _form_page(request, form, refusals, batch)


def _form_page(
    request: HttpRequest, form: BatchForm | AnnouncedForm, refusals: tuple[Finding, ...], batch: ExamBatch | None
) -> HttpResponse:
    status = 409 if refusals else 400 if form.is_bound else 200
    context = {"form": form, "refusals": refusals, "batch": batch}
    return render(request, "exams/batch_form.html", context, status=status)


@staff_required(EXAM_DUTIES)
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    return _batch_page(request, get_object_or_404(visible_batches(actor_for(request)), pk=pk))


def _batch_page(
    request: HttpRequest,
    found: ExamBatch,
    *,
    refusals: tuple[Finding, ...] = (),
    form: CallOffForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_for(request)
    counts = counts_of([found.pk]).get(found.pk, {})
    filters = EntryFilters(request.GET)
    entries = filters.narrowed(ExamEntry.objects.filter(readable(actor), batch=found)).select_related(
        "person", "enterprise", "batch", "office", "certificate"
    )
    page = paginate(entries, order=("-id",), cursor=request.GET.get("cursor"))
    may_manage = why_not_manage(actor) is None and found.status != BatchStatus.CALLED_OFF
    may_record = why_not_record(actor, found, today=localdate()) is None
    context = {
        "batch": found,
        "tone": STATUS_TONES[BatchStatus(found.status)],
        "facts": _facts(found),
        "counts": [(state.label, counts[state]) for state in EntryState if state in counts],
        "filters": filters,
        "page": page,
        "rows": [_entry_row(entry, may_record) for entry in page.items],
        "may_manage": may_manage,
        "may_announce": may_manage and found.status == BatchStatus.DRAFT,
        "call_off_form": (form or CallOffForm()) if may_manage and found.status == BatchStatus.ANNOUNCED else None,
        "may_upload": may_record and Duty.ORGANISE in actor.duties,
        "refusals": refusals,
    }
    return render(request, "exams/batch.html", context, status=status)


def _entry_row(entry: ExamEntry, may_record: bool) -> dict[str, object]:
    admitted = entry.state in LIVE and entry.state != EntryState.ENTERED
    return {
        "entry": entry,
        "tone": TONES[EntryState(entry.state)],
        "may_record": may_record and admitted and entry.certificate_id is None,
    }


def _facts(found: ExamBatch) -> list[tuple[str, object]]:
    days = chinese_date(found.exam_from)
    if found.exam_to != found.exam_from:
        days += f"至{chinese_date(found.exam_to)}"
    facts: list[tuple[str, object]] = [
        ("考试类型", found.get_exam_type_display()),
        ("考试地区", found.region.name),
        ("证书类别", found.category_labels),
        ("报名时间", f"{chinese_date(found.sign_up_from)}至{chinese_date(found.sign_up_to)}"),
        ("考试日期", days),
        ("考试地点", found.site),
        ("名额", f"{found.quota} 个，已占用 {found.taken} 个"),
        ("成绩登记", found.organiser.name if found.organiser else "省厅"),
        ("说明", found.note),
    ]
    if found.called_off_at is not None:
        facts.append(("取消", f"{chinese_date(found.called_off_at)}，{found.called_off_reason}"))
    return facts


@staff_required(Duty.DECIDE)
@require_POST
def batch_announce(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request,
        pk,
        lambda: batches_services.announce_batch(pk, by=actor_for(request)),
        "批次已公布，企业可以看到并报名。",
    )


@staff_required(Duty.DECIDE)
@require_POST
def batch_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    form = CallOffForm(request.POST)
    if not form.is_valid():
        found = get_object_or_404(visible_batches(actor_for(request)), pk=pk)
        return _batch_page(request, found, form=form, status=400)
    reason = form.cleaned_data["reason"]
    words = "批次已取消，报名的企业和人员会收到消息，不计缺考。"
    return _act(request, pk, lambda: batches_services.call_off_batch(pk, reason=reason, by=actor_for(request)), words)


def _act(request: HttpRequest, pk: int, work: Callable[[], object], words: str) -> HttpResponse:
    found = get_object_or_404(visible_batches(actor_for(request)), pk=pk)
    try:
        work()
    except Refused as refused:
        return _batch_page(request, found, refusals=refused.findings, status=409)
    messages.success(request, words)
    return redirect("exams:batch", pk=pk)


# --- review ---


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
            done = (
                reviewing_services.refuse_entries(picked, comment=comment, actor=actor)
                if refuse
                else reviewing_services.approve_entries(picked, actor=actor)
            )
            return _reviewed(request, done, "审核不通过" if refuse else "审核通过")
    found = ExamEntry.objects.filter(to_review(actor)).select_related("person", "enterprise", "batch")
    page = paginate(found, order=("id",), cursor=request.GET.get("cursor"))
    total, more = capped_count(found)
    context = {
        "page": page,
        "rows": page.items,
        "picked": set(picked),
        "problem": problem,
        "comment": request.POST.get("comment", ""),
        "bulk_actions": REVIEW_ACTIONS,
        "total_text": f"共 {total} 条{'以上' if more else ''}",
        **_tabs(actor, "review"),
    }
    return render(request, "exams/review.html", context, status=400 if problem else 200)


def _picked(request: HttpRequest) -> tuple[list[int], str]:
    """Ids of the ticked entries; none of them, and why, where there are too many."""
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
    readable_entries = ExamEntry.objects.filter(readable(actor_for(request)))
    entries = readable_entries.select_related("person", "batch", "enterprise").in_bulk(ids)
    rows: list[dict[str, Any]] = [
        {"entry": entries[pk], "findings": result.refused.get(pk, [])} for pk in ids if pk in entries
    ]
    context = {
        "rows": rows,
        "title": title,
        "done": len(result.done),
        "refused": len(result.refused),
        "unknown": [reviewing_services.UNKNOWN] if len(rows) < len(ids) else [],
    }
    return render(request, "exams/review_result.html", context)


# --- results ---


@staff_required((Duty.ORGANISE, Duty.DECIDE))
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_for(request)
    entries = ExamEntry.objects.filter(batch__in=ExamBatch.objects.filter(results_of(actor)))
    entry = get_object_or_404(entries.select_related("person", "enterprise", "batch"), pk=pk)
    form = ResultForm(posted(request), initial=initial_result(entry))
    refusals: list[Finding] = []
    if form.is_valid():
        pass_mark = ParameterBook.load().integer("exam_pass_mark", localdate())
        recorded = results_services.record_results(
            [form.result(entry, pass_mark=pass_mark)], by=actor, found_on=form.cleaned_data["found_on"]
        )
        refusals = recorded.refused.get(pk, [])
        if not refusals:
            messages.success(request, f"{entry.person.name}的考试结果已登记。")
            return redirect("exams:batch", pk=entry.batch_id)
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "exams/result.html", {"entry": entry, "form": form, "refusals": refusals}, status=status)
