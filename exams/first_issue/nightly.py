"""Runs the nightly job that opens the first issues which a lost job failed to open."""

from __future__ import annotations

from administration.models import JobRun
from administration.nightly import nightly

from .services import open_missing, stop_open_moved

LABELS = {"opened": "补开首次发证", "stopped": "受聘企业有变化，已请本人确认"}


@nightly("first_issues", "首次发证补办", at=(2, 40), labels=LABELS, formerly=["exams.tasks.first_issues"])
def run_first_issues(run: JobRun) -> dict[str, int]:
    """The job works in chunks, and a finished chunk stays done."""
    counts = {"opened": open_missing(), "stopped": 0}
    counts["stopped"] = stop_open_moved()
    return counts
