"""Adds to the list of logins what waits at exams, and whom and what a visitor can look at there."""

from __future__ import annotations

from django.urls import reverse

from accounts.enums import Duty
from accounts.models import Person, User
from exams.enums import EntryState
from exams.models import ExamBatch, ExamEntry, ExamSeat
from exams.results.selectors import excuses_to_decide, unsettled
from exams.seating.selectors import unseated

from .builders import demo_builder
from .context import DemoContext
from .exam_days import AFTER, MOVED, TODAY, live_link
from .exam_sites import staff
from .exams import OPEN, PAST
from .logins import note_person


@demo_builder("exam logins", order=112)
def record_exams(context: DemoContext) -> None:
    for entry in context.logins:
        if entry["role"] == "考试机构":
            entry["waiting"] += f"，{_of_organiser(context)}"
        elif entry["role"] == "地市审核":
            entry["waiting"] += f"，{_to_review(entry['login'])} 条考试报名待审核"
    _door(context)
    for person, note in _people():
        note_person(context, person, note)


def _of_organiser(context: DemoContext) -> str:
    by = staff(Duty.ORGANISE)
    moved = ExamBatch.objects.get(name=MOVED)
    return (
        f"今天有一场考试；“{moved.name}”还有 {unseated(moved.pk).count()} 人没有座位；"
        f"{unsettled(by, context.today).count()} 人考完没有成绩；"
        f"{excuses_to_decide(by).count()} 份缺考证明待审核"
    )


def _to_review(login: str) -> int:
    office = User.objects.get(login=login).office_id
    return ExamEntry.objects.filter(state=EntryState.ENTERED, office=office).count()


def _door(context: DemoContext) -> None:
    link = live_link(ExamBatch.objects.get(name=TODAY))
    note = f"{link.session_room.session}{link.session_room}；手机打开，不用登录，断网也能签到"
    context.record("考场签到页", reverse("exams:check_in", args=[link.token]), note=note)


def _people() -> list[tuple[Person, str]]:
    seat = ExamSeat.objects.filter(entry__batch__name=TODAY).select_related("entry__person").order_by("pk")[0]
    found = [(seat.entry.person, "今天有考试，可以下载准考证")]
    for batch, state, note in (
        (OPEN, EntryState.RETURNED, "考试报名被退回补正"),
        (MOVED, EntryState.APPROVED, "考试改期，可以取消报名，不算缺考"),
        (AFTER, EntryState.APPROVED, "考完等待成绩"),
        (PAST, EntryState.ABSENT, "登记为缺考，可以提交缺考证明或申请复核"),
        (PAST, EntryState.PASSED, "考试合格，等待首次发证"),
    ):
        rows = ExamEntry.objects.filter(batch__name=batch, state=state, person__user__isnull=False)
        entry = rows.select_related("person").order_by("pk").first()
        if entry is not None:
            found.append((entry.person, f"{note}（{entry.batch.name}）"))
    return found
