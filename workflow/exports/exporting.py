"""Registers the lists of cases: the queue of a desk, the cases of a head's office, what is late, and what was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.timezone import localtime

from accounts.enums import Duty
from accounts.models import Person, User
from administration.table_downloads import CHUNK, Line, walked
from common.dates import chinese_date
from common.text.masking import mask_name
from common.web.paging import paginate
from workflow.permissions import desks_of
from workflow.selectors.lists import QUEUE_ORDER, Row, done_by, members_of_office, rows_of
from workflow.selectors.lists import overdue as overdue_queryset
from workflow.selectors.lists import queue as queue_queryset
from workflow.selectors.queue_regions import regions_for
from workflow.selectors.team import cases_to_hand_over, members, offices_to_choose

from ..actors import Actor, actor_of
from ..business import business_of
from ..enums import OFFICE_DESKS, Action
from ..models import Application, Event
from ..views.desk_filters import DeskFilters
from ..views.done_filters import OUTCOMES, DoneFilters
from ..views.queue import desk_or_404, kinds_at
from ..views.team_form import TeamFilters
from .lists import EXPORT_LISTS, Listed

ID_NUMBER = "身份证号码"
CASE_TITLES = ("办件编号", "业务", "申请人", "企业", "环节", "办理部门", "承办人", "办理期限", "期限情况", "首次提交")
DONE_TITLES = ("时间", "办件编号", "业务", "申请人", "企业", "环节", "处理", "办理人", "现在状态")
APPLICANT = CASE_TITLES.index("申请人") + 1
DONE_APPLICANT = DONE_TITLES.index("申请人") + 1


def queue_list(user: User, query: QueryDict) -> Listed:
    """The desk stands beside the filters."""
    actor = _office_actor(user)
    desk = desk_or_404(query.get("desk", ""), actor)
    filters = DeskFilters(query, kinds=kinds_at(desk), actor=actor, desk=desk, regions=regions_for(actor))
    rows = filters.narrowed(queue_queryset(actor, desk))
    return _cases(f"{desk.label}待办", actor, rows, filters.order, filters.branches)


def team_list(user: User, query: QueryDict) -> Listed:
    actor = _office_actor(user)
    if Duty.HEAD not in actor.duties:
        raise PermissionDenied("“分办”清单由科室负责人导出。")
    people, offices = list(members(actor.office_id)), offices_to_choose(actor)
    filters = TeamFilters(query, actor=actor, people=people, offices=offices)
    rows = filters.narrowed(cases_to_hand_over(actor))
    desks = [Q(desk=desk) for desk in sorted(OFFICE_DESKS)]
    return _cases("在办办件", actor, rows, QUEUE_ORDER, filters.branches or desks)


def overdue_list(user: User, query: QueryDict) -> Listed:
    actor = _at_a_desk(user)
    desks = [Q(desk=desk) for desk in desks_of(actor)]
    return _cases("超期办件", actor, overdue_queryset(actor), QUEUE_ORDER, desks)


def done_list(user: User, query: QueryDict) -> Listed:
    """Leaves out what was written for an applicant: it may name people."""
    actor = _at_a_desk(user)
    filters = DoneFilters(query)
    rows = done_by(actor, whole_office=filters.whole_office, narrowed=filters.conditions())
    branches = members_of_office(actor) if filters.whole_office else []

    def lines(is_masked: bool) -> Iterator[Line]:
        for page in _pages(rows, ("-id",), branches):
            yield from (_done_line(event, is_masked) for event in page)

    return Listed("已办", lambda is_masked: _titles(DONE_TITLES, DONE_APPLICANT, is_masked), lines)


def _office_actor(user: User) -> Actor:
    actor = actor_of(user)
    if actor is None or actor.office_id is None:
        raise PermissionDenied("这个清单由主管部门的工作人员导出。")
    return actor


def _at_a_desk(user: User) -> Actor:
    actor = _office_actor(user)
    if not desks_of(actor):
        raise PermissionDenied("您的账号没有办件审批职责，不能导出这个清单。")
    return actor


def _cases(
    title: str, actor: Actor, rows: QuerySet[Application], order: tuple[str, ...], branches: Sequence[Q]
) -> Listed:
    def lines(is_masked: bool) -> Iterator[Line]:
        for page in _pages(rows, order, branches):
            yield from (_line(row, is_masked) for row in rows_of(page, actor))

    return Listed(title, lambda is_masked: _titles(CASE_TITLES, APPLICANT, is_masked), lines)


def _pages(rows: QuerySet[Any], order: tuple[str, ...], branches: Sequence[Q]) -> Iterator[Sequence[Any]]:
    return walked(lambda cursor: paginate(rows, order=order, cursor=cursor, size=CHUNK, branches=branches))


def _titles(titles: Line, place: int, is_masked: bool) -> Line:
    return titles if is_masked else [*titles[:place], ID_NUMBER, *titles[place:]]


def _applicant(person: Person | None, is_masked: bool) -> Iterable[str]:
    """Answers one cell where names are masked, and name and number where they are not."""
    if is_masked:
        return [mask_name(person.name) if person else ""]
    return [person.name, str(person.id_number)] if person else ["", ""]


def _line(row: Row, is_masked: bool) -> Line:
    case = row.application
    return [
        case.number,
        row.business.title,
        *_applicant(case.person, is_masked),
        case.enterprise.name if case.enterprise else "",
        case.get_desk_display(),
        row.holder,
        case.assignee.name if case.assignee else "",
        chinese_date(case.due_on) if case.due_on else "",
        row.due.text if row.due else "",
        chinese_date(case.first_submitted_at.date()) if case.first_submitted_at else "",
    ]


def _done_line(event: Event, is_masked: bool) -> Line:
    case = event.application
    return [
        f"{localtime(event.at):%Y-%m-%d %H:%M}",
        case.number,
        business_of(case.kind).title,
        *_applicant(case.person, is_masked),
        case.enterprise.name if case.enterprise else "",
        event.get_desk_display(),
        str(dict(OUTCOMES).get(Action(event.action)) or event.get_action_display()),
        event.actor_name,
        case.get_status_display(),
    ]


EXPORT_LISTS.register("queue", queue_list)
EXPORT_LISTS.register("cases", team_list)
EXPORT_LISTS.register("overdue", overdue_list)
EXPORT_LISTS.register("done", done_list)
