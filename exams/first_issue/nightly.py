"""The nightly job that opens first issues which a lost job left behind."""

from __future__ import annotations

from administration.models import JobRun
from administration.nightly import nightly

from .services import open_missing, stop_open_moved

LABELS = {"opened": "补开首次发证", "stopped": "受聘企业有变化，已请本人确认"}


@nightly("first_issues", "首次发证补办", at=(2, 40), labels=LABELS, formerly=["exams.tasks.first_issues"])
def run_first_issues(run: JobRun) -> dict[str, int]:
    """Opens what a lost job left behind; every finished step stays done."""
    counts = {"opened": open_missing(), "stopped": 0}
    counts["stopped"] = stop_open_moved()
    return counts
