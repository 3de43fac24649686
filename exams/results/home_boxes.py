"""Shows organisers on the dashboard what is not settled after an exam."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Duty
from common.dates import chinese_date, monday_of
from common.web.paging import capped_count
from exams.models import ExamBatch
from workflow.dashboard_boxes import DASHBOARD_BOXES, Box, Line
from workflow.request_actor import actor_or_none

from .selectors import exams_ahead, excuses_to_decide, unconfirmed_files, unsettled

CAP = 999
NEXT = 3


def results_box(request: HttpRequest) -> Box | None:
    """Is silent while everything is settled."""
    actor = actor_or_none(request)
    if actor is None or not actor.duties & {Duty.ORGANISE, Duty.DECIDE}:
        return None
    address, lines = reverse("exams:unsettled"), []
    waiting, more = capped_count(unsettled(actor, localdate()), cap=CAP)
    if waiting:
        lines.append(Line("考完没有成绩", f"{waiting}{'+' if more else ''} 人", address, "warn"))
    excuses = excuses_to_decide(actor).count()
    if excuses:
        lines.append(Line("缺考证明待审核", f"{excuses} 份", reverse("exams:excuses"), "warn"))
    files = unconfirmed_files(actor).count() if Duty.ORGANISE in actor.duties else 0
    if files:
        lines.append(Line("成绩文件等待确认", f"{files} 份", address, "warn"))
    return Box("考试成绩", lines, "没有成绩不会被当成缺考，逾期后本人可以重新报名。") if lines else None


def exams_box(request: HttpRequest) -> Box | None:
    """Shows an organiser the exams that are next, each with its day, and how many are entered."""
    actor = actor_or_none(request)
    if actor is None or Duty.ORGANISE not in actor.duties:
        return None
    today = localdate()
    lines = [_next_exam(batch, today) for batch in exams_ahead(actor, today, most=NEXT)]
    return Box("近期考试", [*lines, Line("全部考试", url=reverse("exams:office"))])


def _next_exam(batch: ExamBatch, today: date) -> Line:
    this_week = batch.exam_from < monday_of(today) + timedelta(days=7)
    words = f"{chinese_date(batch.exam_from)}，报名 {batch.taken} 人"
    tone = "bad" if batch.exam_from <= today else "warn" if this_week else ""
    return Line(batch.name, words, reverse("exams:day", args=[batch.pk]), tone)


DASHBOARD_BOXES.register("exams_ahead", exams_box, order=24)
DASHBOARD_BOXES.register("exam_results", results_box, order=25)
