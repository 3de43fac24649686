"""Runs the background jobs of bulk extensions."""

from __future__ import annotations

from common.jobs import task

from .reversal import reverse_batch
from .services import run_batch


@task("certificates.run_policy_batch", formerly=["certificates.tasks.run_policy_batch"])
def run_policy_batch(batch_id: int) -> None:
    """Continues where a killed worker stopped."""
    run_batch(batch_id)


@task("certificates.reverse_policy_batch", formerly=["certificates.tasks.reverse_policy_batch"])
def reverse_policy_batch(batch_id: int) -> None:
    reverse_batch(batch_id)
