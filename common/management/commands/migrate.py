"""Declares Django's command `migrate`, of which only one runs at a time."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

LOCK = "SELECT pg_try_advisory_lock(hashtextextended('migrate', 0))"
UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('migrate', 0))"


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """A second one waits for the first, and then finds nothing to do. The lock ends with its connection."""
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            is_told = False
            # It is tried and not waited for, because lock_timeout would end the wait.
            while not self._answer(cursor, LOCK):
                if not is_told:
                    self.stderr.write("Another migrate is at work; this one waits for it.")
                    is_told = True
                time.sleep(0.5)
        try:
            super().handle(*args, **options)
        finally:
            with connection.cursor() as cursor:
                self._answer(cursor, UNLOCK)

    @staticmethod
    def _answer(cursor: Any, query: str) -> bool:
        cursor.execute(query)
        return bool(cursor.fetchone()[0])
