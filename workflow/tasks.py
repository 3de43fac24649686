from __future__ import annotations

from administration.jobs import recorded
from jxcloud.base.jobs import daily, task

from .services import run_silence


@daily(1, 0)
@task(queueing_lock="run_silence")
def run_silence_daily(timestamp: int) -> None:
    """Escalates or ends what nobody answered; every run is visible in the back office."""
    with recorded("silence") as run:
        run.counts = dict(run_silence())
