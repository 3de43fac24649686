"""Runs the background jobs that take imports of old records back."""

from __future__ import annotations

from common.jobs import task

from .reversal import run_reversal


@task("certificates.take_back_import")
def take_back_import(reversal_id: int) -> None:
    """Continues where a killed worker stopped."""
    run_reversal(reversal_id)
