"""Runs the background job that makes the file of an approved request."""

from __future__ import annotations

from common.jobs import task

from .services import make_export


@task("workflow.make_export")
def make_export_file(request_id: int) -> None:
    """It may run twice; a file that is made is left as it is."""
    make_export(request_id)
