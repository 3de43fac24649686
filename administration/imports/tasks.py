"""Declares the worker's tasks on imports."""

from __future__ import annotations

from administration.imports.reversing import run_reversal
from administration.imports.uploads import run_queued
from common.jobs import task


@task("administration.run_queued_import", formerly=["administration.tasks.run_queued_import"])
def run_queued_import(run_id: int) -> None:
    run_queued(run_id)


@task("administration.reverse_import", formerly=["certificates.take_back_import"])
def reverse_import(reversal_id: int) -> None:
    """Continues where a killed worker stopped."""
    run_reversal(reversal_id)
