"""Sets indexes, keys and triggers aside while a large database is filled, and puts them back afterwards.

A row that is added with everything in place costs a walk through each of some ten indexes and a question for each of
its foreign keys. Built afterwards, an index is one sort, and a key is checked by one join of the whole table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

UNFINISHED = "bench_unfinished"
"""The table that stands while a database is filled. One that an interrupted run left is no database to measure."""

KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint AS own
WHERE contype = ANY(%s) AND conrelid::regclass::text = ANY(%s) AND (contype = 'f' OR NOT EXISTS (
    SELECT FROM pg_constraint AS pointing WHERE pointing.contype = 'f' AND pointing.conindid = own.conindid))
ORDER BY contype = 'f', conrelid::regclass::text, conname
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid::regclass::text = ANY(%s) AND NOT indisprimary
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY 1
"""
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger
WHERE tgrelid::regclass::text = ANY(%s) AND NOT tgisinternal AND tgenabled = 'O' AND tgtype & 4 = 4 ORDER BY 1, 2
"""
"""Those of adding a row (`TRIGGER_TYPE_INSERT` is 4). Here they compare with former numbers and codes, and there are none."""
SESSION = {"synchronous_commit": "off", "maintenance_work_mem": "1GB", "work_mem": "256MB", "statement_timeout": "0"}


@dataclass(frozen=True)
class _Aside:
    what: str
    remove: str
    restore: str


@contextmanager
def indexes_aside(tables: Iterable[str], tell: Callable[[str], object]) -> Iterator[None]:
    """Primary keys and others that foreign keys point to stay: ids are given in order, which costs little.

    Where the filling fails, the database stays without its indexes, and `UNFINISHED` says so.
    """
    with connection.cursor() as cursor:
        for name, value in SESSION.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
        found = _found(sorted(set(tables)))
        for one in reversed(found):
            cursor.execute(one.remove)
        yield
        for one in found:
            tell(one.what)
            cursor.execute(one.restore)
        for name in SESSION:
            cursor.execute(sql.SQL("RESET {}").format(sql.Identifier(name)).as_string())


@contextmanager
def marked_as_unfinished() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {UNFINISHED} ()")
        yield
        cursor.execute(f"DROP TABLE {UNFINISHED}")


def is_unfinished() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [UNFINISHED])
        (found,) = cursor.fetchone() or (False,)
    return bool(found)


def _found(tables: list[str]) -> list[_Aside]:
    """Answers what has to be put back, in that order: indexes, unique constraints, the foreign keys that use them, triggers."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS, [tables])
        triggers = [
            _Aside(name, f"ALTER TABLE {table} DISABLE TRIGGER {name}", f"ALTER TABLE {table} ENABLE TRIGGER {name}")
            for table, name in cursor.fetchall()
        ]
        cursor.execute(INDEXES, [tables])
        indexes = [_Aside(name, f"DROP INDEX {name}", definition) for name, definition in cursor.fetchall()]
        cursor.execute(KEYS, [["u", "x", "f"], tables])
        keys = [
            _Aside(
                name,
                f'ALTER TABLE {table} DROP CONSTRAINT "{name}"',
                f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}',
            )
            for table, name, definition in cursor.fetchall()
        ]
    return [*indexes, *keys, *triggers]
