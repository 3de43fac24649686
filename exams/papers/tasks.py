"""Runs the background job that makes all lists of a batch."""

from __future__ import annotations

from common.jobs import task

from .orders import make_papers


@task("exams.print_papers", queue="documents")
def print_papers(order_id: int) -> None:
    """It may run twice; a finished order is left as it is."""
    make_papers(order_id)
