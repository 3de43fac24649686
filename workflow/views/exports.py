"""Sends the cases of a desk or of a head's office, what is late, and what was done, as a table: narrowed as the list, names masked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import audit
from accounts.access.decorators import staff_required
from accounts.access.requests import user_of
from accounts.enums import Duty
from administration.table_downloads import CHUNK, FORMS, table_to_save, walked
from common.dates import chinese_date
from common.text.masking import mask_name
from common.web.paging import paginate
from workflow.permissions import desks_of
from workflow.request_actor import actor_for
from workflow.selectors.lists import QUEUE_ORDER, Row, done_by, members_of_office, rows_of
from workflow.selectors.lists import overdue as overdue_queryset
from workflow.selectors.lists import queue as queue_queryset
from workflow.selectors.queue_regions import regions_for
from workflow.selectors.team import cases_to_hand_over, members, offices_to_choose

from ..actors import Actor
from ..business import business_of
from ..enums import OFFICE_DESKS, Action
from ..models import Application, Event
from .desk_filters import DeskFilters
from .done_filters import OUTCOMES, DoneFilters
from .queue import DESK_DUTIES, desk_or_404, kinds_at
from .team_form import TeamFilters

TITLES = ("办件编号", "业务", "申请人", "企业", "环节", "办理部门", "承办人", "办理期限", "期限情况", "首次提交")
DONE_TITLES = ("时间", "办件编号", "业务", "申请人", "企业", "环节", "处理", "办理人", "现在状态")


@staff_required(DESK_DUTIES)
@never_cache
@require_safe
def queue_export(request: HttpRequest, desk: str, form: str) -> HttpResponseBase:
    actor = actor_for(request)
    place = desk_or_404(desk, actor)
    filters = DeskFilters(request.GET, kinds=kinds_at(desk), actor=actor, desk=desk, regions=regions_for(actor))
    rows = filters.narrowed(queue_queryset(actor, desk))
    return _export(request, actor, rows, filters.order, filters.branches, form, f"queue-{place.value}")


@staff_required(Duty.HEAD)
@never_cache
@require_safe
def team_export(request: HttpRequest, form: str) -> HttpResponseBase:
    actor = actor_for(request)
    people, offices = list(members(actor.office_id)), offices_to_choose(actor)
    filters = TeamFilters(request.GET, actor=actor, people=people, offices=offices)
    rows = filters.narrowed(cases_to_hand_over(actor))
    desks = [Q(desk=desk) for desk in sorted(OFFICE_DESKS)]
    return _export(request, actor, rows, QUEUE_ORDER, filters.branches or desks, form, "cases")


@staff_required(DESK_DUTIES)
@never_cache
@require_safe
def overdue_export(request: HttpRequest, form: str) -> HttpResponseBase:
    actor = actor_for(request)
    desks = [Q(desk=desk) for desk in desks_of(actor)]
    return _export(request, actor, overdue_queryset(actor), QUEUE_ORDER, desks, form, "overdue")


@staff_required(DESK_DUTIES)
@never_cache
@require_safe
def done_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Leaves out what was written for an applicant: it may name people."""
    actor = actor_for(request)
    _note(request, form, "done")
    filters = DoneFilters(request.GET)
    rows = done_by(actor, whole_office=filters.whole_office, narrowed=filters.conditions())
    branches = members_of_office(actor) if filters.whole_office else []
    lines = (_done_line(event) for page in _pages(rows, ("-id",), branches) for event in page)
    return table_to_save(DONE_TITLES, lines, name="done", sheet="已办", form=form)


def _done_line(event: Event) -> list[str]:
    case = event.application
    return [
        f"{localtime(event.at):%Y-%m-%d %H:%M}",
        case.number,
        business_of(case.kind).title,
        mask_name(case.person.name) if case.person else "",
        case.enterprise.name if case.enterprise else "",
        event.get_desk_display(),
        str(dict(OUTCOMES).get(Action(event.action)) or event.get_action_display()),
        event.actor_name,
        case.get_status_display(),
    ]


def _note(request: HttpRequest, form: str, name: str) -> None:
    """Every list that is taken stands in the audit, with what narrowed it but for the words that were searched."""
    if form not in FORMS:
        raise Http404("没有这种文件")
    used: dict[str, object] = {key: str(value)[:60] for key, value in request.GET.items() if value and key != "q"}
    audit.record("cases.export", by=user_of(request), detail={"list": name, **used}, request=request)


def _export(
    request: HttpRequest,
    actor: Actor,
    rows: QuerySet[Application],
    order: tuple[str, ...],
    branches: Sequence[Q],
    form: str,
    name: str,
) -> HttpResponseBase:
    _note(request, form, name)
    lines = (_line(row) for page in _pages(rows, order, branches) for row in rows_of(page, actor))
    return table_to_save(TITLES, lines, name=name, sheet="办件", form=form)


def _pages(rows: QuerySet[Any], order: tuple[str, ...], branches: Sequence[Q]) -> Iterator[Sequence[Any]]:
    return walked(lambda cursor: paginate(rows, order=order, cursor=cursor, size=CHUNK, branches=branches))


def _line(row: Row) -> list[str]:
    case = row.application
    return [
        case.number,
        row.business.title,
        mask_name(case.person.name) if case.person else "",
        case.enterprise.name if case.enterprise else "",
        case.get_desk_display(),
        row.holder,
        case.assignee.name if case.assignee else "",
        chinese_date(case.due_on) if case.due_on else "",
        row.due.text if row.due else "",
        chinese_date(case.first_submitted_at.date()) if case.first_submitted_at else "",
    ]
