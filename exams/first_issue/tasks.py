"""Runs the background jobs that open first issues and ask again after a change."""

from __future__ import annotations

from common.jobs import task

from .services import open_first_issues, stop_moved


@task("exams.issue_passed", formerly=["exams.tasks.issue_passed"])
def issue_passed(entry_ids: list[int]) -> None:
    open_first_issues(entry_ids)


@task("exams.ask_moved", formerly=["exams.tasks.ask_moved"])
def ask_moved(person_ids: list[int]) -> None:
    stop_moved(person_ids)
