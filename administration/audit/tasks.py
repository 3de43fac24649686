"""Declares the worker's task on the audit chain."""

from __future__ import annotations

from administration.audit.chain import link_entries
from common.jobs import periodic, task


@periodic("* * * * *")
@task(
    "administration.link_audit_entries",
    queueing_lock="link_audit_entries",
    formerly=["administration.tasks.link_audit_entries"],
)
def link_audit_entries(timestamp: int) -> None:
    link_entries()
