from __future__ import annotations

from jxcloud.base.jobs import daily, task

from .jobs import run_nightly
from .throttle import forget_counts
from .uploads import run_queued


@task()
def run_queued_import(run_id: int) -> None:
    run_queued(run_id)


@daily(3, 40)
@task(queueing_lock="forget_request_counts")
def forget_request_counts(timestamp: int) -> None:
    forget_counts()


@task()
def run_nightly_job(name: str) -> None:
    """Started by hand; the daily runs are tasks of the apps."""
    run_nightly(name)
