"""Tells everybody signed up what has changed in an announced batch, and keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from administration.messages.services import OutgoingMessage, send
from common.dates import SHANGHAI, chinese_datetime
from common.findings import Finding
from common.text.said import said, too_long
from exams.enums import PENDING, BatchStatus
from exams.models import BatchChange, ExamBatch, ExamEntry, ExamRoom, ExamSession, SessionRoom
from exams.sign_up.naming import ENTRIES, NAMED
from workflow.actors import Actor

from .plans import Plan

MAX_REASON = 300
EVENT, OWN = "exam_changed", "/person/exams/"


@dataclass(frozen=True)
class Changed:
    """`moves` says that time or place is another."""

    label: str
    old: str
    new: str
    moves: bool = False

    def __str__(self) -> str:
        return f"{self.label}由“{self.old}”改为“{self.new}”"


def changes_of_session(
    session: ExamSession, plan: Plan, had: Sequence[SessionRoom], rooms: Mapping[int, ExamRoom], *, is_seated: bool
) -> list[Changed]:
    """Answers what concerns whoever was told to come: the time, the site, and the rooms where somebody is seated."""
    found = []
    old, new = _span(session.starts_at, session.ends_at), _span(plan.starts_at, plan.ends_at)
    if old != new:
        found.append(Changed(f"{session}时间", old, new, moves=True))
    sites = sorted({one.room.site.name for one in had}), sorted({room.site.name for room in rooms.values()})
    if sites[0] and sites[0] != sites[1]:
        found.append(Changed(f"{session}考点", "、".join(sites[0]), "、".join(sites[1]), moves=True))
    if is_seated:
        named = sorted(one.room.name for one in had), sorted(room.name for room in rooms.values())
        found.append(Changed(f"{session}考场", "、".join(named[0]), f"{'、'.join(named[1])}，座位重新编排"))
    return found


def _span(starts_at: datetime, ends_at: datetime) -> str:
    return f"{chinese_datetime(starts_at)}—{ends_at.astimezone(SHANGHAI):%H:%M}"


def wrong_reason(reason: str) -> list[Finding]:
    """Asks for the reason of what people are told."""
    if said(reason):
        return too_long(said(reason), MAX_REASON, "变更原因")
    detail = "批次已公布，已报名的企业和人员会收到变更内容和原因。"
    return [Finding("exam.no_reason", "请写明变更的原因", detail, facts={"field": "reason"})]


def tell_changes(
    batch: ExamBatch,
    changes: Sequence[Changed],
    *,
    reason: str,
    moves: bool,
    by: Actor,
    now: datetime,
    categories: Iterable[str] = (),
) -> int:
    """Writes the change into the history and one message for each person and each enterprise; answers how many people.

    The caller has locked the batch, whose `moved_at` is stored with a change that moves the exam. Categories narrow who
    is told. Nothing is told of a draft.
    """
    if batch.status != BatchStatus.ANNOUNCED or not changes:
        return 0
    entries = ExamEntry.objects.filter(batch=batch, state__in=PENDING)
    if wanted := list(categories):
        entries = entries.filter(category__in=wanted)
    rows = list(entries.select_related("person", "enterprise").order_by("pk"))
    if moves:
        batch.moved_at = now
        batch.save(update_fields=["moved_at"])
    people = len({entry.person_id for entry in rows})
    BatchChange.objects.create(
        batch=batch,
        at=now,
        by_id=by.user_id,
        what=[[one.label, one.old, one.new] for one in changes],
        reason=said(reason),
        moves=moves,
        told=people,
    )
    _send(batch, rows, f"{'；'.join(map(str, changes))}。原因：{said(reason)}。", moves=moves)
    return people


def _send(batch: ExamBatch, rows: Sequence[ExamEntry], text: str, *, moves: bool) -> None:
    title = f"考试安排有变：{batch.name}"
    way_out = "不能参加的，可以在考试开始前取消报名，不算缺考。" if moves else ""
    own: dict[int | None, list[ExamEntry]] = defaultdict(list)
    firms: dict[int | None, list[ExamEntry]] = defaultdict(list)
    for entry in rows:
        own[entry.person.mailbox_id].append(entry)
        firms[entry.enterprise.mailbox_id].append(entry)
    posts = [
        OutgoingMessage(box, title, f"您报名的{_categories(entries)}考试：{text}{way_out}", OWN, event=EVENT)
        for box, entries in own.items()
    ]
    posts += [
        OutgoingMessage(box, title, f"{text}涉及{_names(entries)}。{way_out}", ENTRIES, event=EVENT)
        for box, entries in firms.items()
    ]
    send(posts)


def _categories(entries: Sequence[ExamEntry]) -> str:
    return "、".join(f"{entry.category}证" for entry in entries)


def _names(entries: Sequence[ExamEntry]) -> str:
    named = "、".join(f"{entry.person.name}（{entry.category}证）" for entry in entries[:NAMED])
    return named if len(entries) <= NAMED else f"{named}等 {len(entries)} 条报名"
