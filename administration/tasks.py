"""Declares the worker's tasks that belong to no single room: deleting old counters, and nightly jobs started by hand."""

from __future__ import annotations

from django.utils.timezone import now

from administration.lookups.limits import forget_lookups
from common.jobs import daily, periodic, task

from .nightly import missed, queue_nightly, run_nightly
from .throttle import forget_counts


@daily(3, 40)
@task(
    "administration.forget_request_counts",
    queueing_lock="forget_request_counts",
    formerly=["administration.tasks.forget_request_counts"],
)
def forget_request_counts(timestamp: int) -> None:
    forget_counts()
    forget_lookups(now=now())


@task("administration.run_nightly_job", formerly=["administration.tasks.run_nightly_job"])
def run_nightly_job(name: str) -> None:
    """The page 定时任务 starts it by hand; the timetable has a task of its own for each job."""
    run_nightly(name)


@periodic("*/5 * * * *")
@task("administration.run_missed_nightly_jobs", queueing_lock="run_missed_nightly_jobs")
def run_missed_nightly_jobs(timestamp: int) -> None:
    """The worker was away at night: what it missed runs as soon as it is back."""
    for name in missed(now()):
        queue_nightly(name)
