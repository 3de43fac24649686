"""Runs the workflow's background jobs."""

from __future__ import annotations

from common.jobs import task

from .services.deadlines import leave_dissolved
from .services.stuck_again import retry_stuck


@task("workflow.retry_stuck", queueing_lock="workflow.retry_stuck")
def retry_stuck_cases() -> None:
    retry_stuck()


@task("workflow.leave_dissolved")
def leave_dissolved_enterprises(enterprise_ids: list[int]) -> None:
    leave_dissolved(enterprise_ids)
