"""安管人员考试报名: shows the pages on which an enterprise finds a batch, signs people up, and sees its entries."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import operator_required
from accounts.access.requests import posted
from administration.parameters.book import ParameterBook
from certificates.enums import Category
from common.findings import Refused
from common.web.ids import ids_of
from common.web.methods import require_POST
from common.web.paging import capped_count, paginate
from enterprises.ca_login.backend import enterprise_of
from enterprises.models import Enterprise
from exams.enums import TONES, BatchStatus, EntryState
from exams.filters import BatchFilters, EntryFilters
from exams.models import ExamBatch
from exams.permissions import why_not_withdraw
from exams.selectors import STAGED, batch_for, batches_for, entries_of_enterprise, entry_of_enterprise, with_stage
from exams.sign_up.forms import SignUpForm
from workflow.request_actor import actor_for
from workflow.views.refusals import for_reader

from .candidates import people_of, rows_for, staff_for
from .eligibility import Candidate
from .services import SignUpResult, not_of_the_enterprise, sign_up, withdraw_entry


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
    """Answers in a word whether a batch is open for sign-up."""
    if batch.status != BatchStatus.ANNOUNCED:
        return {"text": batch.get_status_display(), "tone": "bad", "is_open": False}
    if today < batch.sign_up_from:
        return {"text": "未开始报名", "tone": "", "is_open": False}
    if today > batch.sign_up_to:
        return {"text": "报名已截止", "tone": "", "is_open": False}
    full = batch.places_left < 1
    return {"text": "名额已满" if full else "正在报名", "tone": "warn" if full else "good", "is_open": not full}


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_page(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_of(request)
    batch = batch_for(enterprise, pk)
    category = _category(request, batch)
    years = ParameterBook.load().integer("exam_experience_years", localdate())
    form = SignUpForm(posted(request), years=years)
    if not form.is_valid():
        return _sign_up(request, batch, enterprise, category, form)
    try:
        candidates = [Candidate(person_id, category, post) for person_id, post in _picked(request).items()]
        result = sign_up(batch.pk, candidates, actor=actor_for(request))
    except Refused as refused:
        return _sign_up(request, batch, enterprise, category, form, refusals=refused.findings)
    return _result(request, batch, result)


def _category(request: HttpRequest, batch: ExamBatch) -> str:
    """Answers the first category of the batch for an invalid value."""
    wanted = request.GET.get("category", "")
    return wanted if wanted in batch.categories else str(batch.categories[0])


def _picked(request: HttpRequest) -> dict[int, str]:
    """Maps a ticked person to the post."""
    return {pk: request.POST.get(f"post_{pk}", "") for pk in ids_of(request.POST.getlist("picked"))}


def _picked_again(request: HttpRequest) -> dict[int, str]:
    """Answers the ticks for the page that says what was wrong; where there are too many, none stay ticked."""
    try:
        return _picked(request)
    except Refused:
        return {}


def _sign_up(
    request: HttpRequest,
    batch: ExamBatch,
    enterprise: Enterprise,
    category: str,
    form: SignUpForm,
    *,
    refusals: Any = (),
) -> HttpResponse:
    picked = _picked_again(request)
    name = request.GET.get("name", "").strip()[:100]
    people = staff_for(enterprise, category, name=name)
    page = paginate(people, order=("name",), cursor=request.GET.get("cursor"))
    rows = rows_for(batch, enterprise, page.items, category, on=localdate(), chosen=picked)
    actor = actor_for(request)
    total, more = capped_count(people)
    context = {
        "batch": batch,
        "state": state_of(batch, localdate()),
        "category": Category(category),
        "categories": [(one, f"{one}证（{Category(one).label}）") for one in batch.categories],
        "name": name,
        "form": form,
        "refusals": refusals,
        "page": page,
        "rows": [{"row": row, "stops": for_reader(row.stops, actor)} for row in rows],
        "fit": sum(not row.stops for row in rows),
        "picked": set(picked),
        "total_text": f"共 {total} 人{'以上' if more else ''}",
    }
    status = 409 if refusals else 400 if form.is_bound else 200
    return render(request, "exams/sign_up.html", context, status=status)


def _result(request: HttpRequest, batch: ExamBatch, result: SignUpResult) -> HttpResponse:
    if not result.refused and not result.unknown:
        messages.success(request, f"{len(result.entered)} 人已报名{batch.name}，等待主管部门审核。")
        return redirect("exams:entries")
    people = people_of([*result.entered, *result.refused])
    actor = actor_for(request)
    rows = [{"person": people[one.person_id], "category": one.category, "stops": []} for one in result.entered] + [
        {"person": people[one.person_id], "category": one.category, "stops": for_reader(found, actor)}
        for one, found in result.refused.items()
    ]
    context = {
        "batch": batch,
        "rows": rows,
        "done": len(result.entered),
        "refused": len(result.refused) + result.unknown,
        "unknown": [not_of_the_enterprise(result.unknown)] if result.unknown else [],
    }
    return render(request, "exams/sign_up_result.html", context)


@operator_required
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    enterprise, today, actor = enterprise_of(request), localdate(), actor_for(request)
    filters = EntryFilters(request.GET)
    found = filters.narrowed(entries_of_enterprise(enterprise.pk))
    page = paginate(found, order=("-id",), cursor=request.GET.get("cursor"))
    total, more = capped_count(found)
    context = {
        "enterprise": enterprise,
        "filters": filters,
        "is_filtered": filters.has_changed(),
        "page": page,
        "rows": [
            {
                "entry": entry,
                "tone": TONES[EntryState(entry.state)],
                "may_withdraw": why_not_withdraw(actor, entry, today=today) is None,
            }
            for entry in page.items
        ],
        "total_text": f"共 {total} 条{'以上' if more else ''}",
    }
    return render(request, "exams/entries.html", context)


@operator_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_of_enterprise(enterprise_of(request).pk, pk)
    try:
        withdraw_entry(entry.pk, actor=actor_for(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已取消{entry.person.name}的报名，名额已退回；截止前可以重新报名。")
    return redirect(reverse("exams:entries"))
