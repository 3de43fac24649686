from __future__ import annotations

from jxcloud.base.jobs import task

from .uploads import run_queued


@task()
def run_queued_import(run_id: int) -> None:
    run_queued(run_id)
