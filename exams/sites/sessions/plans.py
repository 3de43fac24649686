"""Checks how a session is planned. All checks are asked, so all reasons come at once, each at its field."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from common.dates import chinese_date, chinese_datetime
from common.findings import Finding
from exams.models import ExamBatch, ExamRoom, ExamSession, SessionRoom


@dataclass(frozen=True)
class Plan:
    """`seats` maps a room to how many of its seats are used. No categories means all of the batch."""

    starts_at: datetime
    ends_at: datetime
    categories: Sequence[str]
    seats: Mapping[int, int]


def wrong_times(plan: Plan, batch: ExamBatch, *, now: datetime) -> Iterator[Finding]:
    if plan.ends_at <= plan.starts_at:
        yield _at("ends", "结束时间应在开始时间之后")
    elif localdate(plan.starts_at) != localdate(plan.ends_at):
        yield _at("ends", "一场考试应在一天之内")
    if plan.starts_at <= now:
        yield _at("day", "场次不能安排在已经过去的时间")
    if not batch.exam_from <= localdate(plan.starts_at) <= batch.exam_to:
        days = chinese_date(batch.exam_from)
        if batch.exam_to != batch.exam_from:
            days += f"至{chinese_date(batch.exam_to)}"
        yield _at("day", "场次不在考试日期内", f"该批次的考试日期是{days}。")
    if foreign := [one for one in plan.categories if one not in batch.categories]:
        yield _at("categories", f"该批次不考{'、'.join(foreign)}证", f"该批次开考{batch.category_labels}。")


def wrong_rooms(
    plan: Plan,
    rooms: Mapping[int, ExamRoom],
    kept: Collection[int],
    seated: Mapping[int, int],
    office_ids: Sequence[int],
) -> Iterator[Finding]:
    """`kept` are the rooms that the session has so far: such a room may stay though it is in use no more.

    `seated` maps a room to the last seat where somebody sits.
    """
    if not plan.seats:
        yield Finding("exam_session.no_room", "请至少选用一个房间", "填写选用的房间使用多少个座位，不用的不填。")
    for pk, seats in plan.seats.items():
        room = rooms.get(pk)
        if room is None or room.site.office_id not in office_ids:
            yield Finding("exam_session.unknown_room", "所选房间不是本批次考试机构的", "请重新打开本页后再选。")
        elif pk not in kept and not (room.is_active and room.site.is_active):
            yield _at(f"seats_{pk}", f"{room.site.name}{room.name}已停用")
        elif not 1 <= seats <= room.seats:
            yield _at(f"seats_{pk}", f"使用的座位应在1至{room.seats}之间", f"{room.name}有 {room.seats} 个座位。")
        elif seats < (last := seated.get(pk, 0)):
            yield _at(f"seats_{pk}", f"{room.name}已编排到第 {last} 号座位", "使用的座位不能更少；可以不用这个房间。")


def taken_rooms(uses: Sequence[SessionRoom]) -> Iterator[Finding]:
    """`uses` are those of other sessions at the same time."""
    for use in uses:
        other = use.session
        detail = f"{other.batch.name}{other}，{chinese_datetime(use.starts_at)}开始。请换一个房间，或者错开时间。"
        yield _at(f"seats_{use.room_id}", f"{use.room.name}在这段时间已有另一场考试", detail)


def outside_days(sessions: Sequence[ExamSession]) -> Iterator[Finding]:
    """Answers where the new exam days leave sessions out."""
    for session in sessions:
        detail = f"{session}（{chinese_datetime(session.starts_at)}）不在其中。请先把这一场改到其他日期，或者删除。"
        yield Finding("exam_session.outside", "新的考试日期没有包括全部场次", detail, facts={"field": "exam_to"})


def meeting_others(moved: Sequence[SessionRoom], uses: Sequence[SessionRoom]) -> Iterator[Finding]:
    """`uses` are those of other batches in the span of all that moves."""
    for use in uses:
        meets = (
            one.starts_at < use.ends_at and one.ends_at > use.starts_at for one in moved if one.room_id == use.room_id
        )
        if any(meets):
            where = f"{use.room.site.name}{use.room.name}"
            detail = f"{use.session.batch.name}{use.session}（{chinese_datetime(use.starts_at)}）使用{where}。请先给场次换房间。"
            yield Finding("exam_session.taken", "改期后有房间已被占用", detail, facts={"field": "exam_from"})


def _at(field: str, message: str, detail: str = "") -> Finding:
    return Finding("exam_session.plan", message, detail, facts={"field": field})
