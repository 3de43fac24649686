"""Reads the last run of each nightly job."""

from __future__ import annotations

from collections.abc import Iterable

from administration.models import JobRun


def latest_runs(names: Iterable[str]) -> dict[str, JobRun]:
    """Makes one query with one index range for each name."""
    rows = JobRun.objects.filter(name__in=list(names)).order_by("name", "-id").distinct("name")
    return {run.name: run for run in rows}
