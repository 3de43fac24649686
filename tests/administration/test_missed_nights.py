"""Nightly jobs that a stopped worker missed run when it is back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from administration.models import JobRun
from administration.nightly import NIGHTLY_JOBS, last_hour, missed
from administration.tasks import run_missed_nightly_jobs
from common.dates import SHANGHAI

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=SHANGHAI)


def ran(name: str, at: datetime) -> None:
    JobRun.objects.create(name=name, started_at=at)


def test_operations_19_what_the_last_night_missed_is_named() -> None:
    job = next(job for job in NIGHTLY_JOBS if job.at is not None)
    hour = last_hour(job.at or (0, 0), NOON)
    assert missed(NOON) == [], "a new installation has missed nothing"
    ran(job.name, hour - timedelta(days=1))
    assert missed(NOON) == [job.name]
    assert missed(hour + timedelta(minutes=5)) == [], "its worker may still start by the timetable"
    ran(job.name, hour + timedelta(seconds=2))
    assert missed(NOON) == []


def test_operations_19_missed_jobs_run_once_when_the_worker_is_back(run_jobs: Callable[..., list[str]]) -> None:
    name = next(job.name for job in NIGHTLY_JOBS if job.at is not None)
    ran(name, timezone.now() - timedelta(days=3))
    for _ in range(3):
        run_missed_nightly_jobs(timestamp=0)
    assert run_jobs() == ["administration.run_nightly_job"]
    assert missed(timezone.now()) == []
    assert JobRun.objects.filter(name=name).count() == 2
