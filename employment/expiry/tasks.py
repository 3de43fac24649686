from __future__ import annotations

from administration.nightly import run_nightly
from common.jobs import daily, task


@daily(1, 20)
@task(queueing_lock="run_contracts")
def run_contracts_daily(timestamp: int) -> None:
    run_nightly("contracts")
