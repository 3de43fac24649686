from __future__ import annotations

from administration.nightly import run_nightly
from common.jobs import daily, task

from .services import open_first_issues, stop_moved


@task()
def issue_passed(entry_ids: list[int]) -> None:
    open_first_issues(entry_ids)


@task()
def ask_moved(person_ids: list[int]) -> None:
    stop_moved(person_ids)


@daily(hour=2, minute=40)
@task(queueing_lock="first_issues")
def first_issues(timestamp: int) -> None:
    run_nightly("first_issues")
