"""Tells load balancers and supervisors whether this process is alive and whether it can do its work."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateWorker

from .limits import complaint

logger = logging.getLogger(__name__)

NO_TIME_STAMPS = (
    "ECERT_TSA_URL is empty: e-certificates are signed without a trusted time and without validation data. Once the "
    "signer's certificate has ended, other programs will call every one of them invalid."
)
WARNINGS: dict[str, Callable[[], str]] = {}
"""Packages above put in here what waits for somebody. Each answers a sentence for operators, or nothing; it asks one short query."""
WORKER_SILENT_AFTER = timedelta(seconds=60)
"""A worker reports every 10 seconds."""


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Nothing but the process is asked, so that a missing database does not get web processes restarted."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answers 200 when the database answers, its migrations are applied and sessions have their limits, else 503.

    A missing worker is reported only: pages go on working without it, and e-certificates wait in the queue.
    """
    try:
        missing = _missing_migrations()
        without_limits = complaint(connection)
        worker = "unknown" if missing else _worker_state()
        warnings = [] if missing else [words for warn in WARNINGS.values() if (words := warn())]
    except DatabaseError:
        logger.warning("readyz: the database does not answer", exc_info=True)
        return JsonResponse({"ready": False, "database": "unreachable"}, status=503)
    ready = not missing and not without_limits
    state: dict[str, object] = {
        "ready": ready,
        "database": "ok",
        "migrations": "missing" if missing else "applied",
        "worker": worker,
    }
    if lacks_time_stamps():
        warnings.insert(0, NO_TIME_STAMPS)
    if without_limits:
        warnings.insert(0, without_limits)
    if warnings:
        state["warnings"] = warnings
    return JsonResponse(state, status=200 if ready else 503)


def lacks_time_stamps() -> bool:
    """It is asked in production only; elsewhere nobody relies on the signatures."""
    return bool(settings.IS_PRODUCTION and not settings.ECERT_TSA_URL)


def _missing_migrations() -> frozenset[tuple[str, str]]:
    return _known_migrations() - set(MigrationRecorder(connection).applied_migrations())


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Answers the migrations of the code of this process; reading them takes longer than the rest of the answer."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _worker_state() -> str:
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gte=timezone.now() - WORKER_SILENT_AFTER)
    return "alive" if alive.exists() else "silent"
