"""Measures each nightly job on made-up people; what it has done is taken back, so that the database stays as it was."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction

from administration.models import JobRun
from administration.nightly import NIGHTLY_JOBS, run_nightly

from .measure import recorded

ASKS_OTHERS = frozenset({"cakey_lists", "registry_sync"})
"""Jobs whose time is that of another server; they are left out."""
AGED = {"certificate_expiry": 130, "certificate_reminders": 80}
"""By so many days the ends of the certificates that end first come nearer for these jobs: the first made-up one ends in 95."""
AGE = """
WITH aged AS (UPDATE certificates_certificate SET ends_on = ends_on - %(days)s WHERE ends_on < current_date + 130
    RETURNING id)
UPDATE certificates_certificateterm SET ends_on = ends_on - %(days)s FROM aged WHERE certificate_id = aged.id
"""


@dataclass(frozen=True)
class Night:
    """Seconds are those of the wall and of CPU in this process; the database's own are in the first alone."""

    name: str
    seconds: float
    cpu_seconds: float
    statements: int
    done: int

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def nights() -> Iterator[Night]:
    for name in sorted(set(NIGHTLY_JOBS.names()) - ASKS_OTHERS):
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Of this transaction, as the worker has it: its jobs may take their time.
                cursor.execute("SET LOCAL statement_timeout = 0")
                if days := AGED.get(name):
                    cursor.execute(AGE, {"days": days})
            yield _night(name)
            transaction.set_rollback(True)


def _night(name: str) -> Night:
    began, spent = time.monotonic(), time.process_time()
    run, statements = recorded(lambda: run_nightly(name))
    if not isinstance(run, JobRun):
        raise RuntimeError(f"another process is at the job {name}")
    done = sum(count for count in run.counts.values() if isinstance(count, int))
    seconds, cpu_seconds = round(time.monotonic() - began, 2), round(time.process_time() - spent, 2)
    return Night(name, seconds, cpu_seconds, len(statements), done)
