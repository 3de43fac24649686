from __future__ import annotations

from administration.nightly import run_nightly
from common.jobs import daily, task


@daily(1, 0)
@task(queueing_lock="run_silence")
def run_silence_daily(timestamp: int) -> None:
    run_nightly("silence")
