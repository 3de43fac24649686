"""Makes raw SQL for migrations that Django has no field for."""

from __future__ import annotations

from typing import Any

from django.db.migrations import RunPython, RunSQL


def append_only(table: str, *, columns_open: tuple[str, ...] = ()) -> RunSQL:
    """Makes a trigger that refuses UPDATE and DELETE on `table`.

    `columns_open` may still change (a file name that arrives later). TRUNCATE is left to the owner, because tests
    need it.
    """
    body = ""
    if columns_open:
        names = "ARRAY[" + ", ".join(f"'{column}'" for column in columns_open) + "]"
        body = f"IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - {names} = to_jsonb(OLD) - {names} THEN RETURN NEW; END IF;"
    return RunSQL(
        f"""
        CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {body}
            RAISE EXCEPTION 'rows of {table} are never changed or deleted' USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
        """,
        f"DROP TRIGGER {table}_append_only ON {table}; DROP FUNCTION {table}_append_only();",
    )


def item_follows_application(table: str) -> RunSQL:
    """Keeps an item's `is_open` equal to its application's generated column, so that a taken thing cannot be taken
    twice.

    It is a composite foreign key with ON UPDATE CASCADE, so the database itself keeps the copy right.
    """
    return RunSQL(
        f"""
        ALTER TABLE {table} ADD CONSTRAINT {table}_follows_application
            FOREIGN KEY (application_id, is_open) REFERENCES workflow_application (id, is_open)
            ON UPDATE CASCADE ON DELETE CASCADE;
        """,
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_follows_application;",
    )


_REDUNDANT = """
    SELECT one.relname
    FROM pg_index a JOIN pg_class one ON one.oid = a.indexrelid JOIN pg_class t ON t.oid = a.indrelid
    WHERE t.relnamespace = current_schema()::regnamespace AND starts_with(t.relname, %s) AND NOT a.indisunique
        AND (one.relname ~ '_[0-9a-f]{8}_like$' OR one.relname ~ '_[0-9a-f]{8}$' AND a.indpred IS NULL AND EXISTS (
            SELECT FROM pg_index b JOIN pg_class other ON other.oid = b.indexrelid
            WHERE b.indrelid = a.indrelid AND b.indisvalid AND b.indpred IS NULL AND other.relam = one.relam
                AND (b.indnkeyatts > a.indnkeyatts OR b.indisunique)
                AND (b.indkey::int2[])[0:a.indnkeyatts - 1] = (a.indkey::int2[])[0:a.indnkeyatts - 1]
                AND (b.indclass::oid[])[0:a.indnkeyatts - 1] = (a.indclass::oid[])[0:a.indnkeyatts - 1]))
    ORDER BY one.relname
"""


def drop_redundant_indexes(*beginnings: str) -> RunPython:
    """Drops what Django made by itself on tables whose names begin so, and no query needs.

    These are the second indexes of texts (`common/database/postgresql/base.py`), and indexes of foreign keys with which
    another index begins. Nobody waits for it, so it belongs into a migration with `atomic = False`; it may be run again.
    """

    def drop(apps: Any, schema_editor: Any) -> None:
        connection = schema_editor.connection
        with connection.cursor() as cursor:
            for beginning in beginnings:
                cursor.execute(_REDUNDANT, [beginning])
                for (name,) in cursor.fetchall():
                    schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {connection.ops.quote_name(name)}")

    return RunPython(drop, RunPython.noop)
