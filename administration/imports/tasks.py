"""Declares the worker's task on uploaded imports."""

from __future__ import annotations

from administration.imports.uploads import run_queued
from common.jobs import task


@task("administration.run_queued_import", formerly=["administration.tasks.run_queued_import"])
def run_queued_import(run_id: int) -> None:
    run_queued(run_id)
