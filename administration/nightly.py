"""Declares nightly jobs beside their functions; the worker runs them, and the back office shows the last run and its
counts.

Every job is idempotent and may be killed at any moment: what it has done stays done, and the next run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.utils.timezone import localdate, now

from common import jobs
from common.database.alone import only_one
from common.dates import SHANGHAI
from common.registry import Registry

from .enums import RunState
from .models import JobRun

Work = Callable[[JobRun], Mapping[str, int]]
W = TypeVar("W", bound=Work)


@dataclass(frozen=True)
class NightlyJob:
    """The function answers its counts; long work stores its progress in `run.counts` meanwhile (`save_progress`)."""

    name: str
    title: str
    function: Work
    labels: Mapping[str, str]
    at: tuple[int, int] | None = None


NIGHTLY_JOBS: Registry[NightlyJob] = Registry("nightly job")


def nightly(
    name: str,
    title: str,
    *,
    at: tuple[int, int] | None = None,
    cron: str = "",
    labels: Mapping[str, str] | None = None,
    formerly: Sequence[str] = (),
) -> Callable[[W], W]:
    """Decorates the function of a nightly job in a module that is found by itself (`nightly.py`, `tasks.py`).

    `at` is hour and minute of Asia/Shanghai; `cron` (UTC) serves jobs that run more often. `formerly` lists the names
    under which older jobs of this task may be queued.
    """
    timetable = jobs.daily(*at) if at is not None else jobs.periodic(cron)

    def declare(function: W) -> W:
        NIGHTLY_JOBS.register(name, NightlyJob(name, title, function, labels or {}, at))

        @timetable
        @jobs.task(f"nightly.{name}", queueing_lock=_queueing_lock(name), formerly=formerly)
        def run(timestamp: int) -> None:
            run_nightly(name)

        return function

    return declare


LATE_AFTER = timedelta(minutes=15)
"""A worker that starts runs what it missed in the last ten minutes by its timetable; the rest is ours."""


def missed(now: datetime) -> list[str]:
    """Names the jobs whose last hour has passed without a run, as when no worker was there at night.

    A job that has never run waits for its hour: a new installation has missed nothing.
    """
    last = latest_runs()
    return [
        job.name
        for job in NIGHTLY_JOBS
        if job.at is not None and job.name in last and last[job.name].started_at < last_hour(job.at, now - LATE_AFTER)
    ]


def latest_runs() -> dict[str, JobRun]:
    """Makes one query with one index range for each name."""
    rows = JobRun.objects.filter(name__in=NIGHTLY_JOBS.names()).order_by("name", "-id").distinct("name")
    return {run.name: run for run in rows}


def last_hour(at: tuple[int, int], now: datetime) -> datetime:
    """Answers the latest moment, not after `now`, that has this hour and minute of Asia/Shanghai."""
    today = now.astimezone(SHANGHAI).replace(hour=at[0], minute=at[1], second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def queue_nightly(name: str) -> int | None:
    """Lets the worker run the job now. Answers None if it waits already, queued by whomever."""
    return jobs.enqueue("administration.run_nightly_job", queueing_lock=_queueing_lock(name), name=name)


@dataclass(frozen=True)
class Progress:
    """`counts` are pairs of a label and a number."""

    run: JobRun | None
    counts: list[tuple[str, int]]
    is_underway: bool


def progress_of(name: str) -> Progress:
    """Answers the latest run of one job, and whether it waits or is at work."""
    run = JobRun.objects.filter(name=name).order_by("-id").first()
    is_running = run is not None and run.state == RunState.RUNNING
    return Progress(run, labelled(NIGHTLY_JOBS[name], run), is_running or jobs.is_queued(_queueing_lock(name)))


def labelled(job: NightlyJob, run: JobRun | None) -> list[tuple[str, int]]:
    counts = run.counts if run is not None else {}
    return [(job.labels.get(key, key), count) for key, count in counts.items() if key != PLACE]


def _queueing_lock(name: str) -> str:
    return f"nightly {name}"


def run_nightly(name: str) -> JobRun | None:
    """Answers None when the same job is at work in another process: that one does it all."""
    job = NIGHTLY_JOBS[name]
    with only_one(f"nightly:{name}") as is_alone:
        if not is_alone:
            return None
        # We hold the lock, so the process that left a row behind was killed.
        JobRun.objects.filter(name=name, state=RunState.RUNNING).update(
            state=RunState.FAILED, error="运行中断", finished_at=now()
        )
        with recorded(name) as run:
            run.counts = dict(job.function(run))
    return run


@contextmanager
def recorded(name: str) -> Iterator[JobRun]:
    """Writes a row before the work and its outcome after; an error is noted and raised again."""
    run = JobRun.objects.create(name=name, day=localdate())
    try:
        yield run
    except Exception as error:
        run.state, run.error = RunState.FAILED, f"{type(error).__name__}: {error}"[:2000]
        raise
    else:
        run.state = RunState.DONE
    finally:
        run.finished_at = now()
        run.save(update_fields=["state", "error", "finished_at", "counts"])


PLACE = "after"


def save_progress(run: JobRun, counts: Mapping[str, int], *, after: int) -> None:
    run.counts = {**counts, PLACE: after}
    run.save(update_fields=["counts"])


def resume_after(run: JobRun) -> int:
    """Answers where an unfinished run of the same day stopped; 0 to begin anew."""
    last = JobRun.objects.filter(name=run.name, day=run.day, pk__lt=run.pk).order_by("-pk").first()
    if last is None or last.state == RunState.DONE:
        return 0
    return int(last.counts.get(PLACE, 0))
