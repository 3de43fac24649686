"""Prepares a database for many made-up rows, whatever earlier tests of the process have left in its files."""

from __future__ import annotations

from django.db import connection
from psycopg import sql

_TABLES = """
    SELECT t.relname, i.relname
    FROM pg_index ix JOIN pg_class i ON i.oid = ix.indexrelid JOIN pg_class t ON t.oid = ix.indrelid
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND ix.indisprimary
"""


def without_time_limit() -> None:
    """Of this transaction: at its end the keys of all made-up rows are checked by one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def without_remains() -> None:
    """Writes every table and its indexes anew, in the transaction of the test.

    Rows that were taken back leave their pages, and the planner reckons by pages: its choice would depend on which tests
    came before. Sizes that are noted for the planner are those of the new files, and are forgotten with them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for table, index in cursor.fetchall():
            written_anew = sql.SQL("CLUSTER {} USING {}").format(sql.Identifier(table), sql.Identifier(index))
            cursor.execute(written_anew.as_string(cursor.connection))
