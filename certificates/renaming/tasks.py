"""Runs the background jobs of enterprise renames."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from common.jobs import periodic, task

from .services import resume, run_block

PATIENCE = timedelta(minutes=5)
"""A rename that did nothing for this time has lost its job."""


@task("certificates.run_rename_block", formerly=["certificates.tasks.run_rename_block"])
def run_rename_block(application_id: int) -> None:
    """A block is about a hundred certificates; it orders the next itself."""
    run_block(application_id)


@periodic("*/10 * * * *")
@task("certificates.resume_renames", queueing_lock="resume_renames", formerly=["certificates.tasks.resume_renames"])
def resume_renames(timestamp: int) -> None:
    resume(before=now() - PATIENCE)
