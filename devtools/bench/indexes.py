"""Tells which indexes no measured page has read by: they serve a job or a rare search, or nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

OF_OTHERS = ("auth_", "django_", "procrastinate_")
"""Tables of Django and procrastinate: their indexes are theirs."""
_NAMED = """
    SELECT i.relname
    FROM pg_index ix JOIN pg_class i ON i.oid = ix.indexrelid JOIN pg_class t ON t.oid = ix.indrelid
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relname NOT LIKE ALL (%s)
        AND NOT ix.indisprimary AND NOT ix.indisunique
        AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = ix.indexrelid)
        AND NOT (ix.indnkeyatts = 1 AND ix.indpred IS NULL AND EXISTS (
            SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'f' AND c.conkey[1] = ix.indkey[0]))
    ORDER BY i.relname
"""


def named_indexes() -> list[str]:
    """Answers those that docs/indexes.md names: no key, no unique one, and none of a single foreign key."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [[f"{beginning}%" for beginning in OF_OTHERS]])
        return [str(name) for (name,) in cursor.fetchall()]


def unused(used: Iterable[str]) -> list[str]:
    return sorted(set(named_indexes()) - set(used))
