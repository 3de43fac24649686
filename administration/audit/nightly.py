"""Verifies the audit chain every night."""

from __future__ import annotations

from django.utils.timezone import localdate

from administration.models import JobRun
from administration.nightly import nightly

from .chain import link_entries, verify_chain, verify_newest

SUNDAY = 7


@nightly(
    "audit_chain",
    "审计链核验",
    at=(4, 10),
    labels={"linked": "连入链条", "verified": "核验"},
    formerly=["administration.tasks.verify_audit_chain"],
)
def run_verification(run: JobRun) -> dict[str, int]:
    """Verifies the whole chain on Sundays, else what is new. A broken chain fails the run, which the back office
    shows.
    """
    linked = link_entries()
    check = verify_chain() if localdate().isoweekday() == SUNDAY else verify_newest()
    return {"linked": linked, "verified": check.last - check.first + 1}
