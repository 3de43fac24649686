"""Gives back the database of a test that has committed, as the migrations and the seed data had made it.

Django's own flush empties every table by TRUNCATE, which makes hundreds of files anew, and seeds them again: half a
second on a quick machine, for a few rows. `tests/test_emptying.py` shows that both leave the same.
"""

from __future__ import annotations

from django.db import connection, transaction
from psycopg import sql

MOST_BYTES = 4_000_000
"""Deleted rows stay in the tables' files, and long files make plans and tests slow: from this size on they are truncated."""


class Emptying:
    """Knows the rows of this process's database as they were when it was made."""

    def __init__(self) -> None:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        self._tables = sorted(names)
        self._kept = {table: rows for table in self._tables if (rows := _copied(table))}
        self._digests = {table: _digest(table) for table in self._kept}

    def __call__(self) -> None:
        """Waits like TRUNCATE for whoever still writes. Needs a superuser: foreign keys and refusing triggers rest meanwhile."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("SET LOCAL lock_timeout = '300s'; SET LOCAL statement_timeout = '600s'")
            cursor.execute(self._for_all("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE"))
            if self._bytes() > MOST_BYTES:
                cursor.execute(self._for_all("TRUNCATE {}"))
                changed = list(self._kept)
            else:
                changed = [table for table, digest in self._digests.items() if _digest(table) != digest]
                emptied = [table for table in self._tables if table not in self._kept or table in changed]
                cursor.execute(sql.SQL("; ").join(_about("DELETE FROM {}", table) for table in emptied))
            for table in changed:
                with cursor.copy(_about("COPY {} FROM STDIN", table)) as copy:
                    copy.write(self._kept[table])

    def _for_all(self, statement: str) -> sql.Composed:
        return sql.SQL(statement).format(sql.SQL(", ").join(map(sql.Identifier, self._tables)))

    def _bytes(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(pg_relation_size(oid)) FROM pg_class"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            return int(cursor.fetchone()[0])


def _about(statement: str, table: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table))


def _copied(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(_about("COPY {} TO STDOUT", table)) as copy:
        return b"".join(bytes(piece) for piece in copy)


def _digest(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_about("SELECT md5(string_agg(one::text, '|' ORDER BY one::text)) FROM {} one", table))
        return str(cursor.fetchone()[0])
