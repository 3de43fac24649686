"""Runs the workflow's background jobs."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from administration.nightly import run_nightly
from common.jobs import periodic, task

from .services.bulk import do_list
from .services.deadlines import leave_dissolved
from .services.figures import count_desks
from .services.recounting import recount_clocks
from .services.stuck_again import RETRY_STUCK


@task("workflow.retry_stuck", queueing_lock="workflow.retry_stuck")
def retry_stuck_cases() -> None:
    """Older jobs carry this name; new ones are those of the nightly job."""
    run_nightly(RETRY_STUCK)


@task("workflow.recount_clocks", queueing_lock="workflow.recount_clocks")
def recount_moved_clocks() -> None:
    recount_clocks()


@task("workflow.leave_dissolved")
def leave_dissolved_enterprises(enterprise_ids: list[int]) -> None:
    leave_dissolved(enterprise_ids)


@task("workflow.do_bulk_act")
def do_bulk_act(key: str) -> None:
    do_list(UUID(key))


@periodic("*/5 * * * *")
@task("workflow.count_desks", lock="workflow.count_desks", queueing_lock="workflow.count_desks")
def count_open_cases(timestamp: int) -> None:
    count_desks(now=timezone.now())
