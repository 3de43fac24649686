"""Checks whether somebody would have to sit two exams at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from certificates.issuing.first_issue_rules import category_of
from common.dates import chinese_date, chinese_datetime, midnight
from common.findings import Cure, Finding, satisfied
from exams.enums import PENDING
from exams.models import ExamBatch, ExamEntry, ExamSession
from exams.selectors import batches, entries_in_the_way, seats_held, sessions_in_question
from workflow.checks import Case, Facts, condition

from .rules import OTHERS

Span = tuple[datetime, datetime]


@condition("与已报名的其他考试时间不冲突")
def no_other_exam_then(case: Case, facts: Facts) -> Finding | None:
    """Two exams collide where no two of their possible times can be kept apart.

    A seat is one time; without one the sessions for the category are possible, and without sessions each exam day is.
    Categories of one batch without sessions do not collide, since its office plans the sessions for both.
    """
    if not case.is_filing:
        return None
    batch, category = facts(batches)[int(case.payload["batch"])], category_of(case)
    others = facts(entries_in_the_way).get(case.person_id or 0, [])
    for entry in (one for one in others if one.state in PENDING and one.category != category):
        # Only now the sessions are asked, since most people are signed up for nothing else.
        planned = facts(sessions_in_question)
        wanted = _times(batch, category, planned.get(batch.pk, []))
        sessions = planned.get(entry.batch_id, [])
        if entry.batch_id == batch.pk and not sessions:
            continue
        seat = facts(seats_held).get(entry.pk)
        taken = [(seat.starts_at, seat.ends_at)] if seat else _times(entry.batch, entry.category, sessions)
        if _never_apart(wanted, taken):
            return _collision(case, batch, wanted, entry, taken)
    return satisfied("exam.time", "与已报名的其他考试时间不冲突")


def at_one_time(batch: ExamBatch, category: str, other: str, sessions: Sequence[ExamSession]) -> Finding | None:
    """Compares two categories of one batch for a person who is signed up for both at once."""
    wanted, taken = _times(batch, category, sessions), _times(batch, other, sessions)
    if not sessions or not _never_apart(wanted, taken):
        return None
    detail = (
        f"{other}证考试是{_said(taken)}，{category}证考试是{_said(wanted)}，一人不能同时参加。"
        "请只报一个类别，另一个类别报其他批次。"
    )
    return Finding("exam.time", f"与本次报名的{other}证考试时间冲突", detail, turn="企业")


def _never_apart(wanted: Sequence[Span], taken: Sequence[Span]) -> bool:
    return all(one[0] < other[1] and other[0] < one[1] for one in wanted for other in taken)


def _times(batch: ExamBatch, category: str, sessions: Sequence[ExamSession]) -> list[Span]:
    if times := [(one.starts_at, one.ends_at) for one in sessions if one.is_for(category)]:
        return times
    days = (batch.exam_to - batch.exam_from).days + 1
    first = midnight(batch.exam_from)
    return [(first + timedelta(days=day), first + timedelta(days=day + 1)) for day in range(days)]


def _collision(
    case: Case, batch: ExamBatch, wanted: Sequence[Span], entry: ExamEntry, taken: Sequence[Span]
) -> Finding:
    """Names both exams with their times."""
    detail = (
        f"已报名{entry.batch.name}的{entry.category}证考试（{_said(taken)}）；"
        f"{batch.name}的{category_of(case)}证考试是{_said(wanted)}。请选择其他批次，或者先取消原来的报名。"
    )
    own = entry.enterprise_id == case.enterprise_id
    cure = Cure("查看报名情况", url_name="exams:entries") if own else OTHERS
    return Finding("exam.time", "与已报名的另一场考试时间冲突", detail, turn="企业", cure=cure)


def _said(times: Sequence[Span]) -> str:
    whole_day = timedelta(days=1)
    return "、".join(
        chinese_date(first) if last - first == whole_day else chinese_datetime(first) for first, last in times
    )
