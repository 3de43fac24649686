"""Adds boxes and tasks about exams to the home pages of persons and enterprises, and to the office's dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Duty
from accounts.models import Person
from accounts.people.home_boxes import PERSON_HOME, PROFILE
from common.findings import Cure, Finding
from common.home_page import Box
from enterprises.models import Enterprise
from enterprises.profile.home_boxes import ENTERPRISE_HOME
from workflow import dashboard_boxes
from workflow.dashboard_boxes import DASHBOARD_BOXES, Line
from workflow.request_actor import actor_or_none

from .enums import TONES, EntryState, EvidenceKind
from .evidence.selectors import evidence_kinds_of
from .models import ExamEntry
from .reviewing.selectors import CAP, overdue_count, returned_count, soon_count, waiting_count
from .selectors import entries_of_person

SHOWN = 3
SOON_DAYS = 7


def _latest(person: Person) -> QuerySet[ExamEntry]:
    entries = entries_of_person(person.pk).select_related(None).select_related("batch")
    return entries.only("category", "state", "batch", "batch__name", "batch__exam_from")[:SHOWN]


@PERSON_HOME.box(_latest)
def person_box(request: HttpRequest, person: Person, latest: Sequence[ExamEntry]) -> Box | None:
    """Shows the box only to people who were ever entered."""
    rows = [{"entry": entry, "tone": TONES[EntryState(entry.state)]} for entry in latest]
    return Box("我的考试", "exams/person_box.html", {"rows": rows}, order=35) if rows else None


def _handed_back(person: Person) -> QuerySet[ExamEntry, int]:
    rows = ExamEntry.objects.filter(person=person.pk, state=EntryState.RETURNED).order_by("pk")
    return rows.values_list("pk", flat=True)[:CAP]


@PERSON_HOME.task(_handed_back)
def person_returned(person: Person, handed_back: Sequence[int]) -> Finding | None:
    count = len(handed_back)
    return _returned(count, "本人和企业", Cure("查看我的考试", "exams:mine")) if count else None


@ENTERPRISE_HOME.task()
def enterprise_returned(enterprise: Enterprise) -> Finding | None:
    count = returned_count(enterprise_id=enterprise.pk)
    cure = Cure("查看退回的报名", "exams:entries", query={"state": EntryState.RETURNED.value})
    return _returned(count, "本企业", cure) if count else None


def _returned(count: int, turn: str, cure: Cure) -> Finding:
    detail = "名额还保留着，请按退回原因补正后重新提交；到期没有提交的，报名自动终止。"
    return Finding("exam.returned", f"有 {_capped(count)} 条考试报名被退回补正", detail, turn=turn, cure=cure)


def _reviews(request: HttpRequest) -> dashboard_boxes.Box | None:
    """Shows reviewers what waits for them; silent while there is nothing."""
    actor = actor_or_none(request)
    if actor is None or Duty.REVIEW not in actor.duties:
        return None
    waiting = waiting_count(actor)
    if not waiting:
        return None
    address, today = reverse("exams:review"), localdate()
    lines = [Line("待审核", f"{_capped(waiting)} 条", url=address)]
    if late := overdue_count(actor, today):
        lines.append(Line("已超期", f"{_capped(late)} 条", url=f"{address}?wait=late", tone="bad"))
    if soon := soon_count(actor, today + timedelta(days=SOON_DAYS)):
        lines.append(Line(f"{SOON_DAYS} 天内考试", f"{_capped(soon)} 条", url=f"{address}?wait=soon", tone="warn"))
    return dashboard_boxes.Box("考试报名审核", lines, "考试开始前没有审核的报名自动终止，不算缺考。")


def _capped(count: int) -> str:
    return f"{CAP - 1}+" if count >= CAP else str(count)


DASHBOARD_BOXES.register("exam_reviews", _reviews)


@PROFILE.box()
def evidence_box(request: HttpRequest, person: Person) -> Box:
    there = evidence_kinds_of([person.pk]).get(person.pk, set())
    kinds = [(label, kind in there) for kind, label in EvidenceKind.choices]
    return Box("报考材料", "exams/profile_evidence.html", {"kinds": kinds}, order=15)
