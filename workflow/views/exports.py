"""Sends the cases of a desk, or of a head's office, as a table: as the list is narrowed, with names masked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
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
from workflow.request_actor import actor_for
from workflow.selectors.lists import QUEUE_ORDER, Row, rows_of
from workflow.selectors.lists import queue as queue_queryset
from workflow.selectors.queue_regions import regions_for
from workflow.selectors.team import cases_to_hand_over, members, offices_to_choose

from ..actors import Actor
from ..enums import OFFICE_DESKS
from ..models import Application
from .desk_filters import DeskFilters
from .queue import DESK_DUTIES, desk_or_404, kinds_at
from .team_form import TeamFilters

TITLES = ("办件编号", "业务", "申请人", "企业", "环节", "办理部门", "承办人", "办理期限", "期限情况", "首次提交")


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


def _export(
    request: HttpRequest,
    actor: Actor,
    rows: QuerySet[Application],
    order: tuple[str, ...],
    branches: Sequence[Q],
    form: str,
    name: str,
) -> HttpResponseBase:
    if form not in FORMS:
        raise Http404("没有这种文件")
    used: dict[str, object] = {key: str(value)[:60] for key, value in request.GET.items() if value and key != "q"}
    audit.record("cases.export", by=user_of(request), detail={"list": name, **used}, request=request)

    def page_at(cursor: str | None) -> Any:
        return paginate(rows, order=order, cursor=cursor, size=CHUNK, branches=branches)

    lines = (_line(row) for page in walked(page_at) for row in _rows(page, actor))
    return table_to_save(TITLES, lines, name=name, sheet="办件", form=form)


def _rows(page: Sequence[Application], actor: Actor) -> Iterator[Row]:
    yield from rows_of(page, actor)


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
