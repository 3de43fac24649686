"""Runs the workflow's background jobs."""

from __future__ import annotations

from administration.nightly import run_nightly
from common.jobs import task

from .services.deadlines import leave_dissolved
from .services.stuck_again import RETRY_STUCK


@task("workflow.retry_stuck", queueing_lock="workflow.retry_stuck")
def retry_stuck_cases() -> None:
    """Older jobs carry this name; new ones are those of the nightly job."""
    run_nightly(RETRY_STUCK)


@task("workflow.leave_dissolved")
def leave_dissolved_enterprises(enterprise_ids: list[int]) -> None:
    leave_dissolved(enterprise_ids)
