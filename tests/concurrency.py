"""Threads with connections of their own, released at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(calls: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Runs all calls together; answers what each returned or raised, in order."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T | Exception:
        try:
            wait_for_locks_patiently()
            gate.wait(timeout=180)
            return call()
        except Exception as error:  # the caller looks at every outcome
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def wait_for_locks_patiently() -> None:
    """A row that nineteen others want first comes late on a slow machine, where a page would give up after ten seconds.

    A pooler hands the session on with all that was set in it, so that nothing is set behind one.
    """
    connection.ensure_connection()
    if not connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300s'; SET statement_timeout = '600s'")
