"""Declares the worker's task that dissolves enterprises after an import."""

from __future__ import annotations

from datetime import date

from common.jobs import task

from .dissolution import dissolve


@task("enterprises.dissolve")
def dissolve_enterprises(changes: list[tuple[int, str, str]]) -> None:
    dissolve({pk: (status, date.fromisoformat(day)) for pk, status, day in changes})
