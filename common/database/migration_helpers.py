"""Makes raw SQL for migrations that Django has no field for."""

from django.db.migrations import RunSQL


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
