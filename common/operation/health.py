"""Tells load balancers and supervisors whether this process is alive and whether it can do its work."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateWorker

from common.database.together import read_together

from .limits import complaint

logger = logging.getLogger(__name__)

NO_TIME_STAMPS = (
    "ECERT_TSA_URL is empty: e-certificates are signed without a trusted time and without validation data. Once the "
    "signer's certificate has ended, other programs will call every one of them invalid."
)
WARNINGS: dict[str, Callable[[], str]] = {}
"""Packages above put in here what is wrong and is no number of rows. Each answers a sentence for operators, or nothing."""
MOST_COUNTED = 1_000
WORKER_SILENT_AFTER = timedelta(seconds=60)
"""A worker reports every 10 seconds."""


@dataclass(frozen=True)
class Waiting:
    """Rows that wait for somebody, to be told with their number; `words` is the rest of the sentence for operators."""

    rows: Callable[[], Iterable[QuerySet[Any]]]
    words: str
    at_least: int = 1
    """Fewer are everyday business, and no warning."""


WAITING: dict[str, Waiting] = {}
"""Packages above put it in here. All are read by the one statement of the probe, which counts no more than `MOST_COUNTED`."""


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Nothing but the process is asked, so that a missing database does not get web processes restarted."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answers 200 when the database answers, its migrations are applied and sessions have their limits, else 503.

    A missing worker is reported only: pages go on working without it, and e-certificates wait in the queue. The database
    is asked twice, whatever there is to tell: each round costs a turn of the processor, which strangers may keep busy.
    """
    try:
        without_limits = complaint(connection)
        migrated, worker, warnings = _read()
    except DatabaseError:
        logger.warning("readyz: the database does not answer", exc_info=True)
        return JsonResponse({"ready": False, "database": "unreachable"}, status=503)
    ready = migrated and not without_limits
    state: dict[str, object] = {
        "ready": ready,
        "database": "ok",
        "migrations": "applied" if migrated else "missing",
        "worker": worker,
    }
    if lacks_time_stamps():
        warnings.insert(0, NO_TIME_STAMPS)
    if without_limits:
        warnings.insert(0, without_limits)
    if warnings:
        state["warnings"] = warnings
    return JsonResponse(state, status=200 if ready else 503)


def _read() -> tuple[bool, str, list[str]]:
    """Answers whether all migrations are applied, how the worker is, and the warnings."""
    applied = MigrationRecorder.Migration.objects.values_list("app", "name")
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gte=timezone.now() - WORKER_SILENT_AFTER)
    workers = alive.order_by("pk").values_list("pk")[:1]
    waiting = [
        (one, [rows.order_by("pk").values_list("pk")[:MOST_COUNTED] for rows in one.rows()]) for one in WAITING.values()
    ]
    try:
        read_together([applied, workers, *(rows for _, parts in waiting for rows in parts)])
    except ProgrammingError:
        # A table or column is not there yet.
        logger.warning("readyz: the tables are not those of this program", exc_info=True)
        return False, "unknown", []
    if _known_migrations() - set(applied):
        return False, "unknown", []
    told = [_told(one, sum(len(rows) for rows in parts)) for one, parts in waiting]
    told += [warn() for warn in WARNINGS.values()]
    return True, "alive" if workers else "silent", [words for words in told if words]


def _told(waiting: Waiting, count: int) -> str:
    number = f"{MOST_COUNTED} or more" if count >= MOST_COUNTED else str(count)
    return f"{number} {waiting.words}" if count >= waiting.at_least else ""


def lacks_time_stamps() -> bool:
    """It is asked in production only; elsewhere nobody relies on the signatures."""
    return bool(settings.IS_PRODUCTION and not settings.ECERT_TSA_URL)


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Answers the migrations of the code of this process; reading them takes longer than the rest of the answer."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
