"""The demonstration shows an exam in each stage, with the work that waits for its organiser and its reviewer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils.timezone import localdate

from accounts.enums import Duty
from administration.enums import ImportState, OfficeKind
from administration.models import ImportRun
from administration.offices.selectors import PROVINCE
from devtools.demo import exam_cases, exam_days, exam_logins, exam_people, exam_sites, exams, uploads
from devtools.demo.context import DemoContext
from devtools.demo.people import Photo
from exams.checkin.day import strangers_of
from exams.checkin.selectors import presence_of
from exams.enums import BatchStatus, EntryState, ExcuseState
from exams.models import (
    BatchChange,
    EntryReview,
    Evidence,
    ExamBatch,
    ExamCheckIn,
    ExamEntry,
    ExamSeat,
    Excuse,
    ResultChange,
)
from exams.results.selectors import excuses_to_decide, unsettled
from exams.reviewing.selectors import waiting
from exams.seating.selectors import unseated
from tests.factories import Province, make_enterprise, make_office, make_operator, make_staff
from workflow.enums import Desk
from workflow.models import Application

NOW = datetime.fromisoformat("2026-11-23T10:10:00+08:00")
HIRED = 56

pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> Province:
    return Province()


def made(now: datetime = NOW, *, of_them_hired: int = HIRED) -> DemoContext:
    """The numbers of the people are the demonstration's own; those who are not counted as hired sat the past exam."""
    make_staff(make_office("考试中心", kind=OfficeKind.ORGANISER, region=PROVINCE), Duty.ORGANISE, name="考务员")
    make_office("登记点", kind=OfficeKind.REGISTRATION)
    firms = [make_enterprise() for _ in range(6)]
    for firm in firms:
        make_operator(firm)
    context = DemoContext(today=localdate(now), now=now)
    people = exam_people.hire(context, firms, [Photo("photos/id.jpg", "photos/small.jpg")], count=HIRED)
    context.hired = people[:of_them_hired]
    exam_sites.build(now)
    return context


def states(batch: ExamBatch) -> set[str]:
    return set(batch.entries.values_list("state", flat=True))


def test_hired_people_are_the_same_each_time_and_take_no_chance_of_the_others(province: Province) -> None:
    def named(context: DemoContext) -> list[tuple[str, str]]:
        return [(one.person.name, str(one.person.id_number)) for one in context.hired]

    mark = transaction.savepoint()
    first = named(made())
    transaction.savepoint_rollback(mark)
    context, untouched = made(), DemoContext(today=NOW.date(), now=NOW)
    assert named(context) == first
    assert len({number for _, number in first}) == HIRED
    assert context.random.getstate() == untouched.random.getstate()
    assert context.id_number("360102") == untouched.id_number("360102")


def test_open_batch_has_sessions_and_entries_at_the_reviewer_one_returned(province: Province) -> None:
    context = made(of_them_hired=30)
    exams.build(context, NOW)
    exam_days.open_ones(context, exams.hired_groups(context.hired))
    exam_cases.build(NOW)
    batch = ExamBatch.objects.get(name=exams.OPEN)
    assert batch.is_open(context.today)
    assert [session.rooms.count() for session in batch.sessions.order_by("number")] == [2, 1]
    assert {EntryState.ENTERED, EntryState.APPROVED, EntryState.RETURNED} <= states(batch)
    assert waiting(province.municipal_actor).filter(batch=batch).exists()
    assert EntryReview.objects.filter(entry__batch=batch, act="returned").count() == 1
    assert Evidence.objects.filter(person__exam_entries__batch=batch).exists()
    assert ExamBatch.objects.get(name=exams.FULL).places_left == 0


def test_moved_exam_has_its_change_and_people_without_a_seat(province: Province) -> None:
    context = made()
    batch = exam_days.before(context, exams.hired_groups(context.hired))
    batch.refresh_from_db()
    change = BatchChange.objects.get(batch=batch)
    assert change.moves
    assert change.told
    seats = ExamSeat.objects.filter(entry__batch=batch, released_at__isnull=True)
    assert {localdate(seat.starts_at) for seat in seats} == {batch.exam_from}
    assert batch.exam_from > context.today
    assert unseated(batch.pk).exists()
    assert ExamEntry.objects.filter(batch=batch, state=EntryState.ENTERED).count() == 1


@pytest.mark.parametrize("clock", ["00:05", "10:10", "16:45", "23:55"])
def test_exam_today_has_begun_and_most_are_checked_in(province: Province, clock: str) -> None:
    now = datetime.fromisoformat(f"2026-11-23T{clock}:00+08:00")
    context = made(now)
    batch = exam_days.today(context, exams.hired_groups(context.hired))
    assert batch.exam_from == context.today
    first = next(iter(exam_days.rooms_of(batch)))
    assert first.starts_at <= now
    assert {localdate(room.ends_at) for room in exam_days.rooms_of(batch)} == {context.today}
    assert not unseated(batch.pk).exists()
    present = presence_of(batch)
    assert 0 < len(present) < batch.entries.count()
    assert strangers_of(batch).count() == 1
    assert not ExamCheckIn.objects.filter(received_at__gt=now).exists()
    assert exam_days.live_link(batch).created_at < now
    assert states(batch) == {EntryState.APPROVED}


def test_exam_of_three_days_ago_waits_for_results_and_an_excuse(province: Province) -> None:
    context = made()
    batch = exam_days.after(context, exams.hired_groups(context.hired))
    organiser = exam_sites.staff(Duty.ORGANISE)
    assert states(batch) == {EntryState.APPROVED, EntryState.PASSED, EntryState.FAILED}
    assert unsettled(organiser, context.today).filter(batch=batch).exists()
    excuse = excuses_to_decide(organiser).get()
    assert excuse.entry.batch == batch
    assert excuse.entry_id not in presence_of(batch)
    assert Excuse.objects.get().state == ExcuseState.WAITING
    assert batch.exam_to < context.today


def test_past_exam_has_passes_an_appeal_and_a_correction(province: Province) -> None:
    context = made(of_them_hired=0)
    exams.build(context, NOW)
    exam_cases.build(NOW)
    batch = ExamBatch.objects.get(name=exams.PAST)
    corrected = ResultChange.objects.get(former_state=EntryState.FAILED, entry__batch=batch)
    assert corrected.state == EntryState.PASSED
    assert corrected.reason
    assert {EntryState.PASSED, EntryState.FAILED, EntryState.ABSENT, EntryState.EXCUSED} <= states(batch)
    assert Application.objects.filter(kind="first_issue", is_open=True).exists()
    appeal = Application.objects.get(kind="result_appeal")
    assert appeal.desk == Desk.ORGANISER
    assert int(appeal.payload["entry"]) != corrected.entry_id
    assert ExamBatch.objects.filter(status=BatchStatus.CALLED_OFF).count() == 1
    assert ExamBatch.objects.filter(status=BatchStatus.DRAFT).count() == 1


def test_logins_say_what_waits(province: Province) -> None:
    context = made(of_them_hired=44)
    exams.build(context, NOW)
    exam_days.build_exam_days(context)
    exam_cases.build(NOW)
    make_staff(make_office("登记点二", kind=OfficeKind.REGISTRATION), Duty.REGISTER)
    context.record("考试机构", "/office/login/", "organise", note="考试中心")
    context.record("地市审核", "/office/login/", province.reviewer.login, note="南昌市")
    exam_logins.record_exams(context)
    organiser, reviewer, door, *people = context.logins
    assert "今天有一场考试" in organiser["waiting"]
    assert "1 份缺考证明待审核" in organiser["waiting"]
    assert "条考试报名待审核" in reviewer["waiting"]
    assert door["address"].startswith("/checkin/")
    assert any("准考证" in one["waiting"] for one in people)
    assert not ExamEntry.objects.filter(entered_at__gt=NOW).exists()


def test_a_file_of_results_and_a_list_of_a_training_wait_to_be_confirmed(
    province: Province, run_jobs: Callable[..., Any]
) -> None:
    context = made()
    make_staff(make_office("培训中心", kind=OfficeKind.TRAINING, region=PROVINCE), Duty.TRAINING)
    exam_days.after(context, exams.hired_groups(context.hired))
    context.record("培训机构", "/office/login/", "training", note="培训中心")
    uploads.build_uploads(context)
    run_jobs()
    runs = {run.kind: run for run in ImportRun.objects.all()}
    assert {run.state for run in runs.values()} == {ImportState.PREVIEWED}
    assert {kind: run.rows_bad for kind, run in runs.items()} == {"exam_results": 1, "training": 1}
    assert context.logins[0]["waiting"] == "培训中心，1 份培训名单等待确认"
