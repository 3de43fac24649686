from __future__ import annotations

from django.utils.timezone import now

from administration.audit.chain import link_entries
from administration.imports.uploads import run_queued
from common.jobs import daily, periodic, task

from .deliveries import send_waiting
from .lookups import forget_lookups
from .nightly import run_nightly
from .throttle import forget_counts


@task()
def run_queued_import(run_id: int) -> None:
    run_queued(run_id)


@daily(3, 40)
@task(queueing_lock="forget_request_counts")
def forget_request_counts(timestamp: int) -> None:
    forget_counts()
    forget_lookups(now=now())


@periodic("* * * * *")
@task(queueing_lock="send_deliveries")
def send_deliveries(timestamp: int) -> None:
    send_waiting(now=now())


@periodic("* * * * *")
@task(queueing_lock="link_audit_entries")
def link_audit_entries(timestamp: int) -> None:
    link_entries()


@daily(4, 10)
@task(queueing_lock="verify_audit_chain")
def verify_audit_chain(timestamp: int) -> None:
    run_nightly("audit_chain")


@task()
def run_nightly_job(name: str) -> None:
    """Started by hand; the daily runs are tasks of the apps."""
    run_nightly(name)
