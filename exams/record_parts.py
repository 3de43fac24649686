"""Declares how exam entries and results follow when two records of one person are merged, and end with a death."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from accounts.deaths.steps import DEATH_STEPS, DeathStep
from accounts.merging.parts import CONFLICTS, declare_part
from accounts.models import Person
from common.dates import chinese_datetime
from common.findings import Finding

from .enums import LIVE, PENDING
from .models import Evidence, ExamEntry, ExamSeat
from .sign_up.death import name_pending, name_withdrawn, withdraw_pending


def _entry(row: ExamEntry) -> str:
    return f"{row.category}证，{row.batch.name}，{row.get_state_display()}"


def _evidence(row: Evidence) -> str:
    return row.get_kind_display()


def _decided_since(ids: Collection[int], since: datetime) -> dict[int, str]:
    rows = ExamEntry.objects.filter(Q(reviewed_at__gt=since) | Q(settled_at__gt=since), pk__in=ids)
    return {row.pk: f"{_entry(row)}，合并后才审核或登记成绩" for row in rows.select_related("batch").order_by("pk")}


def _entered_twice(kept: Person, gone: Person) -> list[Finding]:
    entries = ExamEntry.objects.filter(person__in=[kept, gone], state__in=LIVE).select_related("batch").order_by("pk")
    rows = list(entries)
    found = []
    for row in [one for one in rows if one.person_id == gone.pk]:
        for same in [one for one in rows if one.person_id == kept.pk and one.category == row.category]:
            is_pending = all(one.state in PENDING and one.reopened_at is None for one in (row, same))
            if is_pending or row.batch_id == same.batch_id:
                found.append(_twice(row, same))
    return found


def _twice(row: ExamEntry, same: ExamEntry) -> Finding:
    detail = (
        f"{_entry(row)}；{_entry(same)}。考前的，由企业取消其中一个报名；已经登记成绩的，由考试机构先更正其中一份成绩。"
    )
    return Finding("merge.entered_twice", f"两份登记都报了{row.category}证考试", detail, turn="企业、考试机构")


def _seat(row: ExamSeat) -> str:
    return f"准考证号{row.candidate_number}，{chinese_datetime(row.starts_at)}"


def _seated_twice(kept: Person, gone: Person) -> list[Finding]:
    """Nobody sits two exams at once, and the database refuses it."""
    seats = ExamSeat.objects.filter(person__in=[kept, gone], released_at__isnull=True).order_by("pk")
    rows = list(seats)
    detail = "请考试机构先把其中一个安排到另一场。"
    return [
        Finding(
            "merge.seated_twice",
            "两份登记有同一时间的考试座位",
            f"{_seat(row)}；{_seat(same)}。{detail}",
            turn="考试机构",
        )
        for row in rows
        for same in rows
        if row.person_id == gone.pk
        and same.person_id == kept.pk
        and row.starts_at < same.ends_at
        and same.starts_at < row.ends_at
    ]


declare_part(
    "exams.ExamEntry.person", "考试报名和成绩", order=50, name=_entry, related=("batch",), built_on=_decided_since
)
declare_part("exams.ExamSeat.person", "考试座位", order=51, name=_seat)
declare_part(
    "exams.Evidence.person",
    "报考材料",
    order=52,
    name=_evidence,
    twins=("kind", "sha256"),
    twins_where={"removed_at__isnull": True},
)
CONFLICTS.register("exams.entered_twice", _entered_twice)
CONFLICTS.register("exams.seated_twice", _seated_twice)
# Before the employment ends, because entries that are still there would be withdrawn for that reason.
DEATH_STEPS.register("exam_entries", DeathStep(name_pending, withdraw_pending, name_withdrawn), order=15)
