"""Runs the nightly job that ends entries which were not admitted in time."""

from __future__ import annotations

from administration.models import JobRun
from administration.nightly import nightly

from .unreviewed import end_unreviewed


@nightly("unreviewed_entries", "未及审核的考试报名", at=(0, 20), labels={"ended": "报名终止"})
def run_unreviewed(run: JobRun) -> dict[str, int]:
    return {"ended": end_unreviewed()}
