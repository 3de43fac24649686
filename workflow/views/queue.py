"""Shows the queues of the back office: what waits at a desk, in the order in which it is due; bulk decisions."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import staff_required
from accounts.enums import Duty
from administration.nightly import progress_of, queue_nightly
from administration.offices.selectors import missing_offices
from common.web.methods import require_POST
from common.web.paging import capped_count, paginate
from workflow.permissions import desks_of
from workflow.request_actor import actor_for
from workflow.selectors.held import undoable_of
from workflow.selectors.lists import MOST_AT_ONCE, QUEUE_ORDER, done_by, members_of_office, own_queue, whole_list
from workflow.selectors.lists import overdue as overdue_queryset
from workflow.selectors.lists import queue as queue_queryset
from workflow.selectors.lists import stuck as stuck_queryset
from workflow.selectors.queue_regions import regions_for

from ..actors import Actor
from ..business import Business, business_of, businesses
from ..enums import OFFICE_DESKS, Action, Desk
from ..forms import BulkForm
from ..models import Event
from ..services.bulk import order_list
from ..services.case_use import reserve_first
from ..services.stuck_again import RETRY_STUCK
from .bulk import answer, bulk_form
from .case_use import use_from_list
from .content import page_of_rows
from .desk_filters import DeskFilters
from .done_filters import OUTCOMES, DoneFilters
from .find_case import find_case
from .queue_views import change_views, filter_query, views_of

DESK_DUTIES = (Duty.COUNTER, Duty.REVIEW, Duty.DECIDE, Duty.ORGANISE)
APPROVE = {"value": Action.APPROVE.value, "label": "批量通过", "tone": "primary"}
RETURN = {"value": Action.RETURN.value, "label": "退回补正", "tone": "outline-primary"}
REJECT = {"value": Action.REJECT.value, "label": "不予通过", "tone": "outline-danger"}


def desk_or_404(desk: str, actor: Actor) -> Desk:
    if desk not in OFFICE_DESKS:
        raise Http404("没有这个环节")
    if desk not in desks_of(actor):
        raise PermissionDenied(f"“{Desk(desk).label}”不在您的职责之内。需要时请联系本单位的系统管理员调整职责。")
    return Desk(desk)


def kinds_at(desk: str) -> list[Business]:
    return [business for business in businesses() if business.step_at(desk) is not None]


def asks_originals(desk: str) -> bool:
    """Originals are looked at one by one, each with its archive number."""
    steps = [business.step_at(desk) for business in businesses()]
    known = [step for step in steps if step is not None]
    return bool(known) and all(step.originals for step in known)


@staff_required(DESK_DUTIES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("find")
def queue(request: HttpRequest, desk: str) -> HttpResponse:
    actor = actor_for(request)
    place = desk_or_404(desk, actor)
    filters = DeskFilters(request.GET, kinds=kinds_at(desk), actor=actor, desk=desk, regions=regions_for(actor))
    if request.method == "POST" and (done := _decides_nothing(request, actor, place, filters)):
        return done
    queryset = filters.narrowed(queue_queryset(actor, desk))
    # Originals are looked at one by one: no list of them is decided.
    is_whole = "whole" in request.POST and not asks_originals(desk)
    whole = whole_list(queryset) if is_whole else None
    bulk = bulk_form(request, whole=whole) if request.method == "POST" else None
    if bulk is not None and bulk.is_valid():
        action = Action(bulk.cleaned_data["action"])
        return answer(request, actor, action, bulk, back="workflow:queue", back_args=(desk,))
    page, rows = page_of_rows(
        request,
        queryset,
        actor,
        order=filters.order,
        branches=filters.branches,
        size=filters.page_size,
        with_use=True,
    )
    total, more = capped_count(queryset)
    context: dict[str, Any] = {
        "desk": place,
        "desks": desks_of(actor),
        "views": views_of(request, actor, desk),
        "filters": filters,
        "is_filtered": filters.has_changed(),
        "undoable": undoable_of(actor),
        "page": page,
        "rows": rows,
        "total_text": f"共 {total}{' 件以上' if more else ' 件'}",
        "review_query": filter_query(request),
        "whole": min(total, MOST_AT_ONCE) if total > len(rows) or more else 0,
        **_bulk_context(place, bulk, is_whole=is_whole),
    }
    return render(request, "workflow/queue.html", context, status=400 if bulk else 200)


def _decides_nothing(request: HttpRequest, actor: Actor, desk: Desk, filters: DeskFilters) -> HttpResponse | None:
    """Answers the buttons of the page that are no act on what is picked; None for those that are."""
    if {"reserve", "release"} & set(request.POST):
        return use_from_list(request, actor, desk)
    if {"keep_view", "drop_view"} & set(request.POST):
        return change_views(request, actor, desk)
    if request.POST.get("find", "").strip():
        return find_case(request, actor, desk)
    return _next_free(request, actor, desk, filters) if "next" in request.POST else None


def _bulk_context(desk: Desk, bulk: BulkForm | None, *, is_whole: bool) -> dict[str, Any]:
    return {
        "bulk": bulk,
        "bulk_actions": [RETURN, REJECT] if asks_originals(desk) else [APPROVE, RETURN, REJECT],
        "one_by_one": asks_originals(desk),
        "picked": set(bulk.picked) if bulk else set(),
        "is_whole": is_whole,
        "attempt": uuid4(),
    }


def _next_free(request: HttpRequest, actor: Actor, desk: Desk, filters: DeskFilters) -> HttpResponse:
    """Opens the first case of the list that nobody is at, reserved for the reader."""
    waiting = filters.narrowed(own_queue(actor, desk))
    number = reserve_first(waiting, actor, desk, order=filters.order)
    query = f"?{filter_query(request)}" if filter_query(request) else ""
    if not number:
        messages.info(request, "没有可以占用的办件：都由同事承办或占用。")
        return redirect(f"{reverse('workflow:queue', args=[desk])}{query}")
    return redirect(f"{reverse('workflow:review', args=[number])}{query}")


@staff_required(DESK_DUTIES)
@require_POST
def order_whole(request: HttpRequest, key: UUID) -> HttpResponse:
    """Says yes to the question about a whole list."""
    if order_list(key, actor=actor_for(request)) is None:
        raise Http404("没有这一批办理，或者已经过了保存期")
    return redirect("workflow:bulk_result", key)


@staff_required(Duty.DECIDE)
@never_cache
@require_safe
def stuck(request: HttpRequest) -> HttpResponse:
    page, rows = page_of_rows(request, stuck_queryset(), actor_for(request), order=QUEUE_ORDER)
    context = {"page": page, "rows": rows, "missing": missing_offices(), "progress": progress_of(RETRY_STUCK)}
    return render(request, "workflow/stuck.html", context)


@staff_required(Duty.DECIDE)
@require_POST
def stuck_retry(request: HttpRequest) -> HttpResponse:
    """The worker tries them: there may be thousands."""
    queue_nightly(RETRY_STUCK)
    messages.info(request, "正在再办，结果显示在本页。")
    return redirect("workflow:stuck")


@staff_required(DESK_DUTIES)
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    # The index of a queue has its cases in due order for one desk each.
    desks = [Q(desk=desk) for desk in desks_of(actor)]
    page, rows = page_of_rows(request, overdue_queryset(actor), actor, order=QUEUE_ORDER, branches=desks)
    return render(request, "workflow/overdue.html", {"page": page, "rows": rows})


@staff_required(DESK_DUTIES)
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    actor = actor_for(request)
    filters = DoneFilters(request.GET)
    whole_office = filters.whole_office
    rows = done_by(actor, whole_office=whole_office, narrowed=filters.conditions())
    branches = members_of_office(actor) if whole_office else []
    page = paginate(rows, order=("-id",), cursor=request.GET.get("cursor"), branches=branches)
    lines = [_done_line(event) for event in page.items]
    context = {"page": page, "lines": lines, "whole_office": whole_office, "filters": filters}
    return render(request, "workflow/done.html", context)


def _done_line(event: Event) -> dict[str, Any]:
    """Offices call it 通过 where applicants read 同意."""
    did = dict(OUTCOMES).get(Action(event.action)) or event.get_action_display()
    return {"event": event, "title": business_of(event.application.kind).title, "did": did}
