"""Runs the nightly job that forgets lists of people to employ."""

from __future__ import annotations

from django.utils.timezone import now

from administration.models import JobRun
from administration.nightly import nightly

from .services import forget_lists


@nightly("proposal_lists", "清除核对过的聘用名单", at=(0, 55), labels={"forgotten": "清除名单"})
def run_proposal_lists(run: JobRun) -> dict[str, int]:
    return {"forgotten": forget_lists(now=now())}
