"""Registers the organiser's sites with their rooms, and plans the sessions of a batch in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from accounts.enums import Duty
from accounts.models import User
from administration.enums import OfficeKind
from administration.models import Office
from common.dates import SHANGHAI
from exams.models import ExamBatch, ExamRoom, ExamSite
from exams.sites.services import add_room, create_site
from exams.sites.sessions.plans import Plan
from exams.sites.sessions.services import create_session
from workflow.actors import Actor, actor_of

from .builders import demo_builder
from .context import DemoContext

SITE = "江西建设考试中心第一考点（演示）"
SITES = (
    (SITE, "360102", "南昌市东湖区演示路 66 号", "地铁 1 号线滕王阁站 2 号口，步行 8 分钟", "0791-88001066"),
    ("南昌建设职业学校考点（演示）", "360111", "南昌市青山湖区演示大道 210 号", "公交演示大道站", "0791-88001210"),
)
ROOMS = (
    (("3号楼101", 30), ("3号楼102", 30), ("3号楼201", 40)),
    (("教学楼A101", 45), ("教学楼A102", 45)),
)
MANAGERS, OFFICERS = ("A", "B"), ("C1", "C2", "C3")
LASTS = timedelta(minutes=90)
STARTS = (time(9), time(14))
Uses = Sequence[Mapping[str, int]]


def staff(duty: Duty, office_id: int | None = None) -> Actor:
    users = User.objects.filter(duties__contains=[duty], is_active=True).select_related("office").order_by("pk")
    user = (users.filter(office=office_id) if office_id else users).first()
    actor = actor_of(user) if user is not None else None
    if actor is None:
        raise ValueError(f"nobody has the duty {duty}")
    return actor


def organiser() -> Office:
    return Office.objects.filter(kind=OfficeKind.ORGANISER).order_by("pk")[0]


def build(now: datetime) -> None:
    by, office = staff(Duty.ORGANISE), organiser()
    for (name, region, address, directions, phone), rooms in zip(SITES, ROOMS, strict=True):
        site = ExamSite(office=office, region_id=region, name=name, address=address, directions=directions, phone=phone)
        create_site(site, by=by, now=now)
        for room, seats in rooms:
            add_room(site.pk, name=room, seats=seats, by=by)


def starts_on(day: date) -> list[datetime]:
    return [datetime.combine(day, hour, tzinfo=SHANGHAI) for hour in STARTS]


def plan_sessions(
    batch: ExamBatch, starts: Sequence[datetime], uses: Uses, *, now: datetime, second: Sequence[str] = MANAGERS
) -> None:
    """Makes one session for C and a second one; `uses` maps for each the rooms to the seats that are used."""
    rooms = dict(ExamRoom.objects.filter(site__office=organiser()).values_list("name", "pk"))
    for start, seats, categories in zip(starts, uses, (OFFICERS, second), strict=True):
        plan = Plan(start, start + LASTS, categories, {rooms[name]: many for name, many in seats.items()})
        create_session(batch.pk, plan, by=staff(Duty.ORGANISE), now=now)


@demo_builder("exam sites", order=87)
def build_sites(context: DemoContext) -> None:
    build(context.now - timedelta(days=200))
