"""Runs the nightly job on exams that are over for long and have no result."""

from __future__ import annotations

from administration.models import JobRun
from administration.nightly import nightly

from .overdue import reopen_overdue


@nightly("overdue_results", "逾期没有登记的考试成绩", at=(0, 30), labels={"reopened": "允许重新报名"})
def run_overdue_results(run: JobRun) -> dict[str, int]:
    return {"reopened": reopen_overdue()}
