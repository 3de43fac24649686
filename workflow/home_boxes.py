"""Adds boxes and tasks about applications to the home pages of persons, enterprises and the province."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Duty, Sphere
from accounts.models import Person
from accounts.people.home_boxes import COUNTER, PERSON_HOME
from administration.messages.selectors import unread_ids
from administration.models import Message
from administration.offices.selectors import missing_offices
from common.dates import chinese_date
from common.findings import Cure, Finding, Level
from common.home_page import Box
from enterprises.models import Enterprise
from enterprises.profile.home_boxes import ENTERPRISE_HOME
from workflow.permissions import desks_of
from workflow.selectors.bars import bars_in_words, in_force
from workflow.selectors.counts import CAP, stuck_count, waiting_for_person
from workflow.selectors.lists import Brief, briefly, holder_of, mine
from workflow.selectors.own_work import DeskWork, work_of
from workflow.selectors.readable import cases_of_person

from . import dashboard_boxes
from .actors import Actor
from .enums import ENTERPRISE_DESKS, Party, Status
from .models import Application, Bar
from .request_actor import actor_or_none, keep_menu_counts

SHOWN = 3


def _waiting(person: Person) -> QuerySet[Application, int]:
    return waiting_for_person(person.pk)


def _bars(person: Person) -> QuerySet[Bar]:
    return in_force([person.pk])


def _latest(person: Person) -> QuerySet[Application]:
    own = Actor(Party.PERSON, None, person.name, person_id=person.pk)
    return briefly(mine(own)).order_by("-pk")[:SHOWN]


@PERSON_HOME.task(_waiting)
def _persons_turn(person: Person, waiting: Sequence[int]) -> Finding | None:
    if not waiting:
        return None
    return Finding(
        "workflow.inbox",
        f"有 {len(waiting)} 件待办等您处理",
        "例如企业发起的聘用、被退回补正的申请。",
        Level.ADVISORY,
        turn="本人",
        cure=Cure("查看我的待办", "workflow:inbox"),
    )


@PERSON_HOME.task(_bars)
def _persons_bars(person: Person, bars: Sequence[Bar]) -> Finding | None:
    own = bars_in_words(bars)
    if not own:
        return None
    return Finding(
        "bar.in_force", "；".join(one.message for one in own), "".join(dict.fromkeys(one.detail for one in own))
    )


def _unread(person: Person) -> QuerySet[Message, int]:
    return unread_ids(person.mailbox_id or 0, cap=CAP)


@PERSON_HOME.box(_latest, _waiting, _unread)
def _persons_latest(
    request: HttpRequest, person: Person, latest: Sequence[Application], waiting: Sequence[int], unread: Sequence[int]
) -> Box | None:
    keep_menu_counts(request, inbox=len(waiting), messages=len(unread))
    actor = actor_or_none(request)
    if actor is None:
        return None
    rows = [Brief(application, holder_of(application, actor)) for application in latest]
    return Box("我的办件", "workflow/parts/home.html", {"rows": rows}, order=20)


@COUNTER.box()
def _cases_at_counter(request: HttpRequest, person: Person) -> Box | None:
    actor = actor_or_none(request)
    if actor is None:
        return None
    rows = [Brief(application, holder_of(application, actor)) for application in cases_of_person(actor, person.pk)]
    context = {"rows": rows, "opens": bool(desks_of(actor))}
    return Box("在办业务", "workflow/parts/counter.html", context, order=20)


@ENTERPRISE_HOME.task()
def _enterprises_turn(enterprise: Enterprise) -> Finding | None:
    waiting = Application.objects.filter(is_open=True, holder_enterprise=enterprise, desk__in=ENTERPRISE_DESKS).count()
    if not waiting:
        return None
    return Finding(
        "workflow.confirmations",
        f"有 {waiting} 件申请等待本企业确认",
        "企业同意后，申请才会提交主管部门审核。",
        Level.ADVISORY,
        turn="本企业",
        cure=Cure("三类证书业务确认", "workflow:confirmations"),
    )


@ENTERPRISE_HOME.task()
def _enterprises_returned(enterprise: Enterprise) -> Finding | None:
    waiting = Application.objects.filter(is_open=True, holder_enterprise=enterprise, status=Status.RETURNED).count()
    if not waiting:
        return None
    return Finding(
        "workflow.returned",
        f"有 {waiting} 件申请被退回补正",
        "请按退回原因补充后重新提交，逾期视为撤回。",
        Level.ADVISORY,
        turn="本企业",
        cure=Cure("查看我的待办", "workflow:inbox"),
    )


def _stuck_cases(request: HttpRequest) -> dashboard_boxes.Box | None:
    """Shows the province what nobody else can set right; silent while there is nothing."""
    actor = actor_or_none(request)
    is_system = getattr(request.user, "sphere", "") == Sphere.SYSTEM_ADMIN
    if not is_system and (actor is None or Duty.DECIDE not in actor.duties):
        return None
    stuck, missing = stuck_count(), len(missing_offices())
    if not stuck and not missing:
        return None
    # The system administrator opens no case, and is the one who names the offices.
    address = reverse("admin:administration_officeroute_changelist" if is_system else "workflow:stuck")
    lines = []
    if stuck:
        lines.append(dashboard_boxes.Line("停住的办件", f"{stuck} 件", url=address, tone="bad"))
    if missing:
        lines.append(dashboard_boxes.Line("没有办理部门的地区和环节", f"{missing} 个", url=address, tone="bad"))
    return dashboard_boxes.Box("不能继续的办件", lines, "由系统管理员在“主管部门与机构”中补充后，办件自动继续。")


def _desk_work(request: HttpRequest) -> dashboard_boxes.Box | None:
    """Shows reviewers how their desks stand; each number leads to its list."""
    actor = actor_or_none(request)
    found = work_of(actor) if actor is not None else []
    if not found:
        return None
    lines = [line for one in found for line in _lines_of(one, f"{one.desk.label}：" if len(found) > 1 else "")]
    return dashboard_boxes.Box("我的工作", lines, "今天收到、由我承办的件数每几分钟统计一次。")


def _lines_of(work: DeskWork, before: str) -> list[dashboard_boxes.Line]:
    queue = reverse("workflow:queue", args=[work.desk])
    lines = [dashboard_boxes.Line(f"{before}7 天内到期", f"{work.week} 件", f"{queue}?due=week")]
    if work.oldest is not None and work.oldest_due is not None:
        review = reverse("workflow:review", args=[work.oldest.number])
        lines.append(dashboard_boxes.Line(f"{before}期限最早的一件", f"{chinese_date(work.oldest_due)}到期", review))
    lines.append(dashboard_boxes.Line(f"{before}今天收到", f"{work.came} 件", f"{queue}?since={localdate()}"))
    lines.append(dashboard_boxes.Line(f"{before}由我承办", work.share, f"{queue}?whose=mine"))
    return lines


dashboard_boxes.DASHBOARD_BOXES.register("desk_work", _desk_work, order=3)
dashboard_boxes.DASHBOARD_BOXES.register("stuck", _stuck_cases)
