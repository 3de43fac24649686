"""Bookkeeping of scheduled jobs, so that the back office sees the last run and its counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.timezone import localdate, now

from .enums import RunState
from .models import JobRun


@contextmanager
def recorded(name: str) -> Iterator[JobRun]:
    """A row before the work and its outcome after; an error is noted and raised again."""
    run = JobRun.objects.create(name=name, day=localdate())
    try:
        yield run
    except Exception as error:
        run.state, run.error = RunState.FAILED, f"{type(error).__name__}: {error}"[:2000]
        raise
    else:
        run.state = RunState.DONE
    finally:
        run.finished_at = now()
        run.save(update_fields=["state", "error", "finished_at", "counts"])
