"""Writes the people of a batch with their full numbers and seats into a table, for a purpose that is noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import QuerySet

from administration.audit.services import record_audits
from common.dates import chinese_datetime
from common.findings import Finding, Refused
from common.tabular.problem_file import as_csv, neutralised
from common.tabular.text_workbook import write_text_workbook
from common.text.said import said, too_long
from exams.models import ExamBatch, ExamEntry, ExamSeat
from exams.selectors import HELD, live_seats
from workflow.actors import Actor
from workflow.services.auditing import author_of

MAX_PURPOSE = 200
WIDTHS = {"身份证号": 24, "报名企业": 40, "考点": 30, "开始时间": 22, "准考证号": 18}
HEAD = (
    "准考证号", "姓名", "身份证号", "证书类别", "职务", "报名企业", "统一社会信用代码", "状态", "审核部门", "场次",
    "开始时间", "考点", "考场", "房间", "座位",
)  # fmt: skip


def people_to_export(batch: ExamBatch, *, state: str = "", session_id: int | None = None) -> QuerySet[ExamEntry]:
    """An entry without a seat is in no session."""
    rows = ExamEntry.objects.filter(batch=batch)
    if state:
        rows = rows.filter(state=state)
    if session_id is not None:
        seats = ExamSeat.objects.filter(HELD, session_room__session=session_id)
        rows = rows.filter(pk__in=seats.values("entry"))
    rows = rows.select_related("person", "enterprise", "office")
    return rows.order_by("ticket_number", "category", "person__name", "pk")


@transaction.atomic
def export_people(batch: ExamBatch, *, state: str, session_id: int | None, form: str, purpose: str, by: Actor) -> bytes:
    """Answers xlsx or csv. Raises Refused without a purpose, which is audited with who took how many."""
    purpose = said(purpose)
    if not purpose:
        raise Refused(Finding("exam.no_purpose", "请写明用途", "导出的文件有完整的身份证号，用途会记录。"))
    if long := too_long(purpose, MAX_PURPOSE, "用途"):
        raise Refused(*long)
    entries = list(people_to_export(batch, state=state, session_id=session_id))
    detail: dict[str, object] = {
        "batch": batch.name, "count": len(entries), "state": state, "session": session_id, "purpose": purpose,
        "form": form, "acting_for": by.acting_for,
    }  # fmt: skip
    record_audits("exam_batch.export", [(ExamBatch._meta.label_lower, batch.pk, detail)], by=author_of(by))
    rows = [[neutralised(text) for text in row] for row in _rows(entries)]
    if form == "csv":
        return as_csv(rows)
    return write_text_workbook(rows, name="考生", widths=[WIDTHS.get(title, 14) for title in HEAD])


def _rows(entries: Iterable[ExamEntry]) -> Iterator[list[str]]:
    yield list(HEAD)
    listed = list(entries)
    seats = live_seats(entry.pk for entry in listed)
    for entry in listed:
        yield [
            entry.ticket_number,
            entry.person.name,
            entry.person.id_number,
            entry.category,
            entry.get_post_display(),
            entry.enterprise.name,
            entry.enterprise.uscc,
            entry.get_state_display(),
            entry.office.name,
            *_place(seats.get(entry.pk)),
        ]


def _place(seat: ExamSeat | None) -> list[str]:
    if seat is None:
        return [""] * 6
    room = seat.session_room
    return [
        str(room.session), chinese_datetime(seat.starts_at), room.room.site.name, str(room), room.room.name,
        f"{seat.number:02d}",
    ]  # fmt: skip
