"""Watches that the limits of sessions are in force, whatever stands between the portal and its database.

A pooler refuses or ignores what a connection asks for at its start. Then the role has to bring the limits: `migrate`
writes them there (ALTER ROLE … SET), past the pooler.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import Connection, sql

logger = logging.getLogger(__name__)

CURE = (
    "Behind a pooler, name the database itself in DATABASE_DIRECT_URL, run manage.py migrate, which gives them to the "
    "role, and let the pooler reconnect (docs/production.md)."
)


def complaint(connection: BaseDatabaseWrapper) -> str:
    """Answers a sentence for operators, or nothing when all limits are in force."""
    expected: Mapping[str, str] = settings.DATABASE_LIMITS
    with connection.wrap_database_errors:
        rows = _session(connection).execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [[*expected]])
        found = dict(rows.fetchall())
    missing = [f"{name}={value}" for name, value in expected.items() if found.get(name) != value]
    return f"The database's sessions lack {', '.join(missing)}. {CURE}" if missing else ""


def watch_new_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receives Django's `connection_created`, so that no process works without limits and says nothing."""
    if words := complaint(connection):
        logger.error(words)


def give_limits_to_role(connection: BaseDatabaseWrapper) -> None:
    """Writes the limits of pages to the role of this connection, for this database only.

    Sessions that ask for others at their start, as commands do, get what they ask for.
    """
    session = _session(connection)
    (database,) = session.execute("SELECT current_database()").fetchone() or ("",)
    for name, value in settings.DATABASE_PAGE_LIMITS.items():
        statement = sql.SQL("ALTER ROLE CURRENT_USER IN DATABASE {} SET {} = {}")
        session.execute(statement.format(sql.Identifier(database), sql.Identifier(name), sql.Literal(value)))


def _session(connection: BaseDatabaseWrapper) -> Connection[Any]:
    """Answers the session below Django's wrapper, where a query is not counted among those of a page."""
    connection.ensure_connection()
    session: Connection[Any] = connection.connection
    return session
