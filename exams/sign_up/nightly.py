"""Runs the nightly job that forgets ticks and lists of batches whose sign-up is over."""

from __future__ import annotations

from django.utils.timezone import localdate

from administration.models import JobRun
from administration.nightly import nightly

from .picking import forget_lists


@nightly("candidate_lists", "报名截止批次的拟报名名单", at=(0, 50), labels={"forgotten": "清除名单"})
def run_candidate_lists(run: JobRun) -> dict[str, int]:
    return {"forgotten": forget_lists(today=localdate())}
