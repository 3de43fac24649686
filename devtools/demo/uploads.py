"""Uploads a file of results and a list of a training, each with a row that is not in order, which wait to be confirmed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import timedelta
from io import StringIO

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Duty
from accounts.models import User
from administration.imports.uploads import queue_import
from employment.models import Employment
from exams.models import ExamBatch, ExamSeat
from exams.results.selectors import KIND as RESULTS
from training.services import KIND as TRAINING

from .builders import demo_builder
from .context import DemoContext
from .exam_days import AFTER, SCORES

WAITING = {"考试机构": "1 份成绩文件等待确认", "培训机构": "1 份培训名单等待确认"}
COURSE = "建筑施工安全生产知识更新"


@demo_builder("uploads", order=113)
def build_uploads(context: DemoContext) -> None:
    upload_results(ExamBatch.objects.get(name=AFTER))
    upload_training(context, context.hired)
    for entry in context.logins:
        if entry["role"] in WAITING:
            entry["waiting"] += f"，{WAITING[entry['role']]}"


def upload_results(batch: ExamBatch) -> None:
    """The second session is complete but for its last candidate, and the name of its first is written wrongly."""
    rows = [["准考证号", "姓名", "身份证号", "考试批次", "证书类别", "知识考核成绩"]]
    seats = ExamSeat.objects.filter(entry__batch=batch, session_room__session__number=2, released_at__isnull=True)
    for position, seat in enumerate(seats.select_related("entry__person").order_by("number")):
        person = seat.entry.person
        name = person.name if position else f"{person.name[:-1]}某"
        score = SCORES[position % len(SCORES)]
        number = str(person.id_number)
        rows.append([seat.candidate_number, name, number, batch.name, seat.entry.category, score])
    _queue(RESULTS, "第2场成绩.csv", rows[:-1], Duty.ORGANISE)


def upload_training(context: DemoContext, people: Sequence[Employment]) -> None:
    """The hours of the last row cannot be read."""
    first = context.today - timedelta(days=4)
    days = [first.isoformat(), (first + timedelta(days=1)).isoformat()]
    rows = [["姓名", "身份证号", "课程", "学时", "开始日期", "结束日期"]]
    for position, one in enumerate(people[:6]):
        hours = "十二" if position == 5 else "12"
        rows.append([one.person.name, str(one.person.id_number), COURSE, hours, *days])
    _queue(TRAINING, "知识更新培训名单.csv", rows, Duty.TRAINING)


def _queue(kind: str, name: str, rows: Iterable[Sequence[str]], duty: Duty) -> None:
    """The worker makes the preview once it runs."""
    user = User.objects.filter(duties__contains=[duty], is_active=True).select_related("office").earliest("pk")
    text = StringIO()
    csv.writer(text).writerows(rows)
    file = SimpleUploadedFile(name, text.getvalue().encode("utf-8-sig"), content_type="text/csv")
    queue_import(kind, file, by=user.name, user_id=user.pk, office=user.office)
