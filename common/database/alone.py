"""Lets one process at a time do something, by a lock that also survives a pooler and ends with its process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


@contextmanager
def only_one(name: str, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[bool]:
    """Answers False while another process is inside a block of this name.

    The lock is that of a transaction of its own connection, since the work inside makes transactions and a lock of a
    session would stay with a pooler. That transaction holds nothing else, and no snapshot that would keep dead rows.
    """
    with closing(connections[using].copy()) as other:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            # The work inside takes longer than a transaction may otherwise be idle.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute(_LOCK, [name])
            (is_first,) = cursor.fetchone()
        try:
            yield bool(is_first)
        finally:
            other.rollback()
