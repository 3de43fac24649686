"""Counts the statistics at night; the button of the page runs the same job."""

from __future__ import annotations

from django.utils import timezone

from administration.models import JobRun
from administration.nightly import nightly

from .services import JOB, refresh


@nightly(JOB, "统计数字", at=(4, 20), labels={"figures": "统计数字"})
def run_statistics(run: JobRun) -> dict[str, int]:
    return {"figures": refresh(now=timezone.now())}
