"""Shows how far an import has come while its transaction is open, by a connection of its own."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from django.db import OperationalError, connection

_SQL = "UPDATE administration_importrun SET rows_read = %s WHERE id = %s"


def show_progress(run_id: int, read: int) -> None:
    """Progress that cannot be written at once is left out: the next one says more."""
    with closing(connection.copy()) as other, suppress(OperationalError):
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '300ms'")
            cursor.execute(_SQL, [read, run_id])
        other.commit()


def estimated_rows(content: Path | bytes) -> int:
    if isinstance(content, bytes):
        return 0 if content.startswith(b"PK") else max(content.count(b"\n") - 1, 1)
    with content.open("rb") as stream:
        if stream.read(2) == b"PK":
            return 0
        return max(sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b"")) - 1, 1)
