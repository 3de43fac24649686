"""Changes a batch: a draft in every field, an announced one in what can still be told to everybody signed up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from common.database.constraints import refused_by_constraints
from common.dates import chinese_date
from common.findings import Finding, Refused
from exams.enums import BatchStatus
from exams.models import ExamBatch, ExamSession
from exams.sites.sessions.changes import Changed, tell_changes, wrong_reason
from exams.sites.sessions.services import move_sessions
from workflow.actors import Actor

from .services import audit_batch, authorise, locked_batch, wrong_values

CHANGED_MEANWHILE = "exam.changed_meanwhile"
MOVES = ("exam_from", "exam_to", "site")
"""Whoever was signed up for another day or place may withdraw without a bar."""
DAYS = ("sign_up_to", "exam_from", "exam_to")
TOLD = ("sign_up_to", *MOVES, "quota")
CHANGEABLE = frozenset({*TOLD, "note", "organiser"})


def change_batch(
    batch_id: int, *, by: Actor, reason: str = "", seen: str = "", now: datetime | None = None, **values: object
) -> ExamBatch:
    """Sessions move with the first exam day, and so do the seats in them. Raises Refused with every reason.

    After the announcement a change of `TOLD` needs a reason, and everybody signed up is told. `seen` is the `content_mark`
    of what the clerk had before the eyes; blank where nobody looked.
    """
    # A seat that moves may meet another exam of its person, which the database settles.
    with refused_by_constraints("exam.conflict", "有人的座位因改期与另一场考试冲突，请先取消其座位。"):
        return _change(batch_id, by, reason, now or utc_now(), values, seen)


def content_mark(batch: ExamBatch) -> str:
    """Answers another text after each change; entries, which take places, change nothing here."""
    kept = [str(getattr(batch, field.attname)) for field in batch._meta.concrete_fields if field.name != "taken"]
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()[:32]


def _change(batch_id: int, by: Actor, reason: str, now: datetime, values: Mapping[str, object], seen: str) -> ExamBatch:
    authorise(by)
    batch = locked_batch(batch_id)
    if batch.status == BatchStatus.CALLED_OFF:
        raise Refused(Finding("exam.called_off", "该批次已取消，不能修改"))
    if seen and seen != content_mark(batch):
        detail = "您填写的内容还在下面，没有保存；现在的内容见批次页。请核对，仍要改的再保存一次。"
        raise Refused(Finding(CHANGED_MEANWHILE, "您打开页面以后，这个批次又修改过", detail, turn="省厅"))
    before = {name: getattr(batch, name) for name in values}
    changed = {name for name, value in values.items() if before[name] != value}
    days = {name: getattr(batch, name) for name in DAYS}
    for name, value in values.items():
        setattr(batch, name, value)
    reasons = [*_wrong_organiser(batch, changed), *wrong_values(batch)]
    if batch.status == BatchStatus.ANNOUNCED:
        reasons += _wrong_after_announcement(batch, changed, days, reason, localdate(now))
    if reasons:
        raise Refused(*reasons)
    batch.save()
    if not changed.isdisjoint(("exam_from", "exam_to")):
        move_sessions(batch, days=(batch.exam_from - days["exam_from"]).days)
    told = tell_changes(
        batch,
        [_in_words(batch, name, before[name]) for name in TOLD if name in changed],
        reason=reason,
        moves=not changed.isdisjoint(MOVES),
        by=by,
        now=now,
    )
    audit_batch("exam_batch.change", batch, by, changed=sorted(changed), reason=reason, told=told)
    return batch


def _wrong_organiser(batch: ExamBatch, changed: set[str]) -> list[Finding]:
    """The rooms of its sessions are those of the former one."""
    if "organiser" not in changed or not ExamSession.objects.filter(batch=batch).exists():
        return []
    detail = "场次用的是原考试机构的考点。请先删除场次，再更换考试机构。"
    return [Finding("exam.organiser", "已安排场次，不能更换考试机构", detail, facts={"field": "organiser"})]


def _wrong_after_announcement(
    batch: ExamBatch, changed: set[str], days: Mapping[str, date], reason: str, today: date
) -> list[Finding]:
    found: list[Finding] = []
    if fixed := changed - CHANGEABLE:
        words = "、".join(sorted(str(ExamBatch._meta.get_field(name).verbose_name) for name in fixed))  # type: ignore[union-attr]
        detail = f"企业已按公布的内容报名，{words}不能再改。需要改的，请取消后重新公布。"
        found.append(Finding("exam.announced", "批次已公布", detail))
    moved = changed.intersection((*MOVES, "sign_up_to"))
    if moved and today >= days["exam_from"]:
        found.append(Finding("exam.begun", "考试已经开始，不能再改时间和地点", facts={"field": min(moved)}))
    elif "exam_from" in changed and batch.exam_from <= today:
        detail = "要留出通知报名人员的时间。"
        found.append(Finding("exam.past", "新的考试日期应在今天之后", detail, facts={"field": "exam_from"}))
    if "sign_up_to" in changed and batch.sign_up_to < today:
        found.append(Finding("exam.past", "报名截止不能改到今天以前", facts={"field": "sign_up_to"}))
    return [*found, *(wrong_reason(reason) if changed.intersection(TOLD) else [])]


def _in_words(batch: ExamBatch, name: str, old: object) -> Changed:
    return Changed(str(ExamBatch._meta.get_field(name).verbose_name), _said(old), _said(getattr(batch, name)))  # type: ignore[union-attr]


def _said(value: object) -> str:
    if isinstance(value, date):
        return chinese_date(value)
    return str(value)
