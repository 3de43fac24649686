"""Shows the office's pages of exam batches: the list, one batch, its announcement and its calling off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import staff_required
from accounts.access.requests import posted
from accounts.enums import Duty
from common.dates import chinese_date
from common.findings import Finding, Refused
from common.forms import said_at_fields
from common.web.ids import id_of
from common.web.methods import require_POST
from common.web.paging import capped_count, paginate
from exams.batches import services as batches_services
from exams.batches.changing import CHANGED_MEANWHILE, change_batch, content_mark
from exams.batches.forms import AnnouncedForm, BatchForm, CallOffForm
from exams.enums import ADMITTED, LIVE, TONES, BatchStatus, EntryState
from exams.filters import EntryFilters, OfficeBatchFilters
from exams.models import ExamBatch, ExamEntry
from exams.permissions import is_results_of, why_not_manage, why_not_record, why_not_withdraw
from exams.results.selectors import excuses_to_decide, unsettled
from exams.reviewing.views import office_tabs
from exams.selectors import (
    STAGED,
    batch_to_change,
    changes_of,
    counts_of,
    readable_entries_of,
    values_to_copy,
    visible_batch,
    visible_batches,
    with_stage,
)
from exams.sign_up.leaving import left_entries
from exams.sign_up.views import state_of
from exams.sites.permissions import may_keep_sites
from exams.sites.sessions.selectors import capacity_of, seats_in, sessions_of
from workflow.actors import Actor
from workflow.request_actor import actor_for

EXAM_DUTIES = (Duty.REVIEW, Duty.DECIDE, Duty.ORGANISE)


@staff_required(EXAM_DUTIES)
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    filters = OfficeBatchFilters(request.GET)
    today = localdate()
    found = with_stage(filters.narrowed(visible_batches(actor)), today)
    page = paginate(found, order=STAGED, cursor=request.GET.get("cursor"))
    counts = counts_of([batch.pk for batch in page.items])
    context = {
        "filters": filters,
        "is_filtered": filters.has_changed(),
        "page": page,
        "rows": [
            {
                "batch": batch,
                "stage": state_of(batch, today),
                "waiting": counts.get(batch.pk, {}).get(EntryState.ENTERED, 0),
                "lacking": counts.get(batch.pk, {}).get(EntryState.APPROVED, 0) if batch.exam_to < today else 0,
            }
            for batch in page.items
        ],
        "may_manage": why_not_manage(actor) is None,
        "may_keep_sites": may_keep_sites(actor),
        **_unsettled(actor, today),
        **office_tabs(actor, "batches"),
    }
    return render(request, "exams/office.html", context)


def _unsettled(actor: Actor, today: date) -> dict[str, object]:
    """An organiser reads above the list what waits after its exams."""
    if Duty.ORGANISE not in actor.duties:
        return {}
    people, more = capped_count(unsettled(actor, today), cap=999)
    return {
        "unsettled": f"{people}{'+' if more else ''}" if people else "",
        "excuses": excuses_to_decide(actor).count(),
    }


@staff_required(Duty.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_new(request: HttpRequest) -> HttpResponse:
    """The address may name a batch whose content is proposed and whose sessions are copied; name and days are another's."""
    copied = id_of(request.GET.get("copy"))
    initial = values_to_copy(copied) if copied is not None else {}
    form = BatchForm(posted(request), initial=initial)
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            batch = ExamBatch(**form.values())
            done = batches_services.copy_batch(copied or 0, batch, by=actor_for(request))
        except Refused as refused:
            refusals = said_at_fields(form, refused.findings)
        else:
            also = f"照原批次安排了 {done.number} 场考试，请核对时间和考场。" if done.number else ""
            messages.success(request, f"批次已保存为草稿。{also}核对无误后公布，企业才能看到。")
            for finding in done.left_out:
                messages.warning(request, f"{finding.message}。请在下面重新安排。")
            return redirect("exams:batch", pk=batch.pk)
    return _form_page(request, form, refusals, None)


@staff_required(Duty.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_change(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_to_change(pk)
    kept = {field.name: getattr(batch, field.name) for field in batch._meta.concrete_fields}
    initial = kept | {"region": batch.region_id, "organiser": batch.organiser_id, "content": content_mark(batch)}
    form_class = BatchForm if batch.status == BatchStatus.DRAFT else AnnouncedForm
    form = form_class(posted(request), initial=initial)
    refusals: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            change_batch(pk, by=actor_for(request), seen=form.cleaned_data["content"], **form.values())
        except Refused as refused:
            refusals = said_at_fields(form, refused.findings)
            if any(one.code == CHANGED_MEANWHILE for one in refusals):
                form = form_class(_seen_anew(request.POST, batch_to_change(pk)))
        else:
            told = batch.status == BatchStatus.ANNOUNCED and form.has_changed()
            messages.success(
                request, f"批次已修改。{'时间、地点、名额有变的，已通知报名的企业和人员。' if told else ''}"
            )
            return redirect("exams:batch", pk=pk)
    return _form_page(request, form, refusals, batch)


def _seen_anew(typed: QueryDict, batch: ExamBatch) -> QueryDict:
    """Keeps what was typed; sent again, it changes the batch as it is by now."""
    fresh = typed.copy()
    fresh["content"] = content_mark(batch)
    return fresh


def _form_page(
    request: HttpRequest, form: BatchForm | AnnouncedForm, refusals: tuple[Finding, ...], batch: ExamBatch | None
) -> HttpResponse:
    status = 409 if refusals else 400 if form.is_bound else 200
    context = {"form": form, "refusals": refusals, "batch": batch}
    return render(request, "exams/batch_form.html", context, status=status)


@staff_required(EXAM_DUTIES)
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    return _batch_page(request, visible_batch(actor_for(request), pk))


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
    entries = filters.narrowed(readable_entries_of(found, actor))
    page = paginate(entries, order=("-id",), cursor=request.GET.get("cursor"))
    may_manage = why_not_manage(actor) is None and found.status != BatchStatus.CALLED_OFF
    may_record = why_not_record(actor, found, today=localdate()) is None
    context = {
        "batch": found,
        "stage": state_of(found, localdate()),
        "facts": _facts(found),
        "counts": [(state.label, counts[state]) for state in EntryState if state in counts],
        "filters": filters,
        "page": page,
        "rows": _entry_rows(page.items, may_record, actor),
        "may_open_entries": Duty.REVIEW in actor.duties,
        "may_manage": may_manage,
        "may_copy": why_not_manage(actor) is None,
        "may_announce": may_manage and found.status == BatchStatus.DRAFT,
        "call_off_form": (form or CallOffForm()) if may_manage and found.status == BatchStatus.ANNOUNCED else None,
        "may_upload": may_record and Duty.ORGANISE in actor.duties,
        "may_take_candidates": is_results_of(actor, found) and any(state in counts for state in ADMITTED),
        "refusals": refusals,
        "changes": changes_of(found),
        **_sessions(found, actor),
    }
    return render(request, "exams/batch.html", context, status=status)


def _sessions(found: ExamBatch, actor: Actor) -> dict[str, object]:
    """`lacking` is how many seats all rooms together have less than the batch has places."""
    sessions = list(sessions_of(found))
    now = utc_now()
    may_plan = is_results_of(actor, found) and found.status != BatchStatus.CALLED_OFF
    return {
        "sessions": [{"session": one, "may_change": may_plan and one.starts_at > now} for one in sessions],
        "seats": seats_in(sessions),
        "capacity": capacity_of(found, sessions),
        "lacking": max(found.quota - seats_in(sessions), 0) if sessions else 0,
        "may_plan": may_plan and localdate(now) <= found.exam_to,
    }


def _entry_rows(entries: Sequence[ExamEntry], may_record: bool, actor: Actor) -> list[dict[str, object]]:
    left, today = left_entries(entries), localdate()
    return [
        {
            "entry": entry,
            "tone": TONES[EntryState(entry.state)],
            "may_record": may_record
            and entry.state in LIVE
            and entry.state != EntryState.ENTERED
            and entry.certificate_id is None,
            "has_left": entry.pk in left,
            "may_withdraw": why_not_withdraw(actor, entry, today=today, has_left=entry.pk in left) is None,
        }
        for entry in entries
    ]


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
def batch_delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_batch(actor_for(request), pk)
    try:
        batches_services.delete_draft(pk, by=actor_for(request))
    except Refused as refused:
        return _batch_page(request, found, refusals=refused.findings, status=409)
    messages.success(request, f"草稿“{found.name}”已删除。")
    return redirect("exams:office")


@staff_required(Duty.DECIDE)
@require_POST
def batch_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    form = CallOffForm(request.POST)
    if not form.is_valid():
        found = visible_batch(actor_for(request), pk)
        return _batch_page(request, found, form=form, status=400)
    reason = form.cleaned_data["reason"]
    words = "批次已取消，报名的企业和人员会收到消息，不计缺考。"
    return _act(request, pk, lambda: batches_services.call_off_batch(pk, reason=reason, by=actor_for(request)), words)


def _act(request: HttpRequest, pk: int, work: Callable[[], object], words: str) -> HttpResponse:
    found = visible_batch(actor_for(request), pk)
    try:
        work()
    except Refused as refused:
        return _batch_page(request, found, refusals=refused.findings, status=409)
    messages.success(request, words)
    return redirect("exams:batch", pk=pk)
