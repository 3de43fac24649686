"""Background jobs of imports, of the audit's chain and of counters."""

from __future__ import annotations

from django.utils.timezone import now

from administration.audit.chain import link_entries
from administration.imports.uploads import run_queued
from administration.lookups.limits import forget_lookups
from administration.messages.deliveries import send_waiting
from common.jobs import daily, periodic, task

from .nightly import run_nightly
from .throttle import forget_counts


@task("administration.run_queued_import", formerly=["administration.tasks.run_queued_import"])
def run_queued_import(run_id: int) -> None:
    run_queued(run_id)


@daily(3, 40)
@task(
    "administration.forget_request_counts",
    queueing_lock="forget_request_counts",
    formerly=["administration.tasks.forget_request_counts"],
)
def forget_request_counts(timestamp: int) -> None:
    forget_counts()
    forget_lookups(now=now())


@periodic("* * * * *")
@task(
    "administration.send_deliveries", queueing_lock="send_deliveries", formerly=["administration.tasks.send_deliveries"]
)
def send_deliveries(timestamp: int) -> None:
    send_waiting(now=now())


@periodic("* * * * *")
@task(
    "administration.link_audit_entries",
    queueing_lock="link_audit_entries",
    formerly=["administration.tasks.link_audit_entries"],
)
def link_audit_entries(timestamp: int) -> None:
    link_entries()


@task("administration.run_nightly_job", formerly=["administration.tasks.run_nightly_job"])
def run_nightly_job(name: str) -> None:
    """Started by hand from the page 定时任务; the timetable has a task of its own for each job."""
    run_nightly(name)
