"""Nightly jobs: registered once, run alone, recorded; reminders are sent once."""

from __future__ import annotations

import threading
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from administration.enums import RunState
from administration.models import JobRun, SentReminder
from administration.nightly import (
    NIGHTLY_JOBS,
    NightlyJob,
    resume_after,
    run_nightly,
    save_progress,
)
from administration.reminders import Reminder, bucket, claim
from common.registry import NotRegistered
from tests.concurrency import at_once

EXPECTED = {
    "silence",
    "contracts",
    "certificate_expiry",
    "certificate_reminders",
    "certificate_snapshots",
    "suspension_ends",
}


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> list[JobRun]:
    """A job of our own that notes its runs."""
    monkeypatch.setattr(NIGHTLY_JOBS, "_items", dict(NIGHTLY_JOBS._items))
    runs: list[JobRun] = []

    def work(run: JobRun) -> dict[str, int]:
        runs.append(run)
        return {"done": len(runs)}

    NIGHTLY_JOBS.register("own", NightlyJob("own", "自己的任务", work, {"done": "已处理"}))
    return runs


def test_the_apps_register_their_jobs() -> None:
    assert {job.name for job in NIGHTLY_JOBS} >= EXPECTED
    assert all(job.title for job in NIGHTLY_JOBS)


def test_one_name_is_one_job(job: list[JobRun]) -> None:
    with pytest.raises(ValueError, match="nightly job"):
        NIGHTLY_JOBS.register("own", NightlyJob("own", "另一个", lambda run: {}, {}))
    with pytest.raises(NotRegistered):
        NIGHTLY_JOBS["nobody"]


@pytest.mark.django_db
def test_a_run_is_recorded_with_its_counts(job: list[JobRun]) -> None:
    run = run_nightly("own")
    assert run is not None
    run.refresh_from_db()
    assert (run.state, run.counts, run.error) == (RunState.DONE, {"done": 1}, "")
    assert run.finished_at is not None


@pytest.mark.django_db
def test_a_failure_is_noted_and_raised(job: list[JobRun], monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(run: JobRun) -> dict[str, int]:
        raise RuntimeError("没有空间")

    NIGHTLY_JOBS.register("broken", NightlyJob("broken", "坏的", breaks, {}))
    with pytest.raises(RuntimeError):
        run_nightly("broken")
    run = JobRun.objects.get(name="broken")
    assert (run.state, run.error) == (RunState.FAILED, "RuntimeError: 没有空间")


@pytest.mark.django_db
def test_a_run_that_was_killed_is_told_as_such(job: list[JobRun]) -> None:
    dead = JobRun.objects.create(name="own", counts={"done": 1})
    run_nightly("own")
    dead.refresh_from_db()
    assert (dead.state, dead.error) == (RunState.FAILED, "运行中断")


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_at_work_elsewhere_is_left_to_it(job: list[JobRun]) -> None:
    """The lock is the session's: another process that holds it is at work."""

    def elsewhere() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended('nightly:own', 0))")
        taken.set()
        assert done.wait(timeout=180)
        return None

    taken, done = threading.Event(), threading.Event()

    def here() -> object:
        assert taken.wait(timeout=180)
        try:
            return run_nightly("own")
        finally:
            done.set()

    assert at_once([elsewhere, here]) == [None, None]
    assert job == []
    assert not JobRun.objects.exists()
    assert run_nightly("own") is not None, "free again"


@pytest.mark.django_db
def test_long_work_goes_on_the_same_day_and_begins_anew_the_next() -> None:
    first = JobRun.objects.create(name="long")
    save_progress(first, {"people": 500}, after=77)
    first.state = RunState.FAILED
    first.save()
    second = JobRun.objects.create(name="long")
    assert resume_after(second) == 77
    second.state, second.counts = RunState.DONE, {"people": 9}
    second.save()
    assert resume_after(JobRun.objects.create(name="long")) == 0
    first.day = date(2020, 1, 1)
    first.save()
    assert resume_after(JobRun.objects.create(name="other")) == 0


@pytest.mark.django_db
def test_the_command_runs_the_named_ones_or_all(job: list[JobRun]) -> None:
    out = StringIO()
    call_command("run_nightly", "own", stdout=out)
    assert out.getvalue() == "own：{'done': 1}\n"
    call_command("run_nightly", stdout=out)
    assert set(JobRun.objects.values_list("name", flat=True)) >= EXPECTED
    with pytest.raises(CommandError, match="没有这个任务：nobody"):
        call_command("run_nightly", "nobody")


# --- reminders ---


@pytest.mark.parametrize(
    ("days_left", "step"), [(91, None), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7)]
)
def test_the_step_that_is_due(days_left: int, step: int | None) -> None:
    assert bucket(days_left, (90, 60, 30, 7)) == step


@pytest.mark.django_db
def test_a_reminder_is_claimed_once() -> None:
    one, other = Reminder("x", 1, date(2027, 1, 1), 30), Reminder("x", 2, date(2027, 1, 1), 30)
    assert claim([one, one]) == {one}
    assert claim([one, other]) == {other}
    assert claim([Reminder("x", 1, date(2030, 1, 1), 30)]) != set(), "of another end it is another reminder"
    assert claim([]) == set()


@pytest.mark.django_db(transaction=True)
def test_two_claim_a_reminder_at_once_and_one_gets_it() -> None:
    wanted = [Reminder("x", number, date(2027, 1, 1), 30) for number in range(20)]

    def take() -> int:
        with transaction.atomic():
            return len(claim(wanted))

    assert sum(count for count in at_once([take, take, take]) if isinstance(count, int)) == 20
    assert SentReminder.objects.count() == 20
