"""Reads from a replica of the database what may be a few seconds old (docs/adr/0022-what-a-replica-may-answer.md).

Nothing is read there unless a view says so (`common.web.replica`) and the replica has everything that the primary had
REPLICA_LAG_SECONDS ago.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

logger = logging.getLogger(__name__)

ALIAS = "replica"
MEASURED_EVERY_SECONDS = 1.0
AWAY_SECONDS = 10.0
"""A replica that did not answer is left alone for so long; a page waits for it at most once."""

_in_use: ContextVar[bool] = ContextVar("the replica is in use", default=False)
_SENT = "SELECT pg_current_wal_flush_lsn() - '0/0'"
_REPLAYED = "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() - '0/0'"


class ReplicaRouter:
    """Is the router of the settings. What is written, or read inside a transaction, is the primary's."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        is_replica = _in_use.get() and not connections[DEFAULT_DB_ALIAS].in_atomic_block
        return ALIAS if is_replica else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == ALIAS else None


class Freshness:
    """Knows up to which moment the replica surely has everything.

    Positions of the primary's log are noted with the time. The replica has everything that was committed before the
    latest noted position that it has replayed, whatever its clock and its connection to the primary do.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: deque[tuple[float, int]] = deque(maxlen=120)
        self._asked_at = self._fresh_at = float("-inf")

    def age(self) -> float:
        """Answers seconds; infinite when the replica never answered or is away."""
        moment = time.monotonic()
        # Others go on with the last answer meanwhile.
        if moment - self._asked_at >= MEASURED_EVERY_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._measure(moment)
            finally:
                self._lock.release()
        return time.monotonic() - self._fresh_at

    def lost(self) -> None:
        """The replica failed: nobody reads from it until it has answered again."""
        self._asked_at, self._fresh_at = time.monotonic() + AWAY_SECONDS, float("-inf")
        self._noted.clear()

    def _measure(self, moment: float) -> None:
        self._asked_at = moment
        try:
            with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
                cursor.execute(_SENT)
                self._noted.append((moment, int(cursor.fetchone()[0])))
            with connections[ALIAS].cursor() as cursor:
                cursor.execute(_REPLAYED)
                is_replica, replayed = cursor.fetchone()
        except Error:
            logger.warning("the replica does not answer", exc_info=True)
            connections[ALIAS].close()
            self.lost()
            return
        # A server that was promoted, or is the primary itself, follows nobody.
        while is_replica and self._noted and self._noted[0][1] <= int(replayed):
            self._fresh_at = self._noted.popleft()[0]


freshness = Freshness()


def is_configured() -> bool:
    return ALIAS in connections.settings


def is_fresh() -> bool:
    """Tells whether the replica is there and its data are young enough."""
    # Inside a transaction of the primary nothing else is asked: what it has written is not on the replica.
    if not is_configured() or connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return False
    return bool(freshness.age() <= settings.REPLICA_LAG_SECONDS)


@contextmanager
def reading_from_replica() -> Iterator[None]:
    token = _in_use.set(True)
    try:
        yield
    finally:
        _in_use.reset(token)


def warning() -> str:
    """Answers a sentence for operators, or nothing."""
    if not is_configured() or freshness.age() <= settings.REPLICA_LAG_SECONDS:
        return ""
    return f"The replica is away or more than {settings.REPLICA_LAG_SECONDS} s behind: all pages read from the primary."
