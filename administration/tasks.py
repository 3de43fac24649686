"""The worker's tasks that belong to no single room: counters that are forgotten, nightly jobs that are started by hand."""

from __future__ import annotations

from django.utils.timezone import now

from administration.lookups.limits import forget_lookups
from common.jobs import daily, task

from .nightly import run_nightly
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
    """Started by hand from the page 定时任务; the timetable has a task of its own for each job."""
    run_nightly(name)
