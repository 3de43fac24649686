"""Runs the check of open cases after records of continuing education have changed."""

from __future__ import annotations

from common.jobs import task

from .services import recheck_hours


@task("certificates.recheck_hours")
def recheck_open_cases(person_ids: list[int]) -> None:
    """It looks at the records as they are when it runs, so that it may run twice."""
    recheck_hours(person_ids)
