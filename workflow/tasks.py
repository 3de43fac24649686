"""Runs the workflow's background jobs."""

from __future__ import annotations

from common.jobs import task

from .services.stuck_again import retry_stuck


@task("workflow.retry_stuck", queueing_lock="workflow.retry_stuck")
def retry_stuck_cases() -> None:
    retry_stuck()
