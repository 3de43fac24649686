"""What is set aside while a bench database is filled is put back as it was, and holds for what was added meanwhile."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from devtools.bench.loading import indexes_aside, is_unfinished, marked_as_unfinished

STATEMENTS = """
CREATE TABLE loading_owner (id integer PRIMARY KEY, code text UNIQUE);
CREATE TABLE loading_thing (id integer PRIMARY KEY, owner_id integer REFERENCES loading_owner DEFERRABLE INITIALLY DEFERRED,
    name text, day daterange, UNIQUE (owner_id, name), EXCLUDE USING gist (day WITH &&));
CREATE INDEX loading_name ON loading_thing (name) WHERE name <> '';
CREATE FUNCTION loading_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
CREATE TRIGGER loading_trigger BEFORE INSERT ON loading_thing FOR EACH ROW EXECUTE FUNCTION loading_refuses();
"""
SHAPE = """
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid::regclass::text = ANY(%(tables)s)
UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename = ANY(%(tables)s)
UNION ALL SELECT tgname::text || tgenabled::text FROM pg_trigger WHERE tgrelid::regclass::text = ANY(%(tables)s) AND NOT tgisinternal
ORDER BY 1
"""
TABLES = ["loading_owner", "loading_thing"]


def execute(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def shape() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(SHAPE, {"tables": TABLES})
        return [text for (text,) in cursor.fetchall()]


@pytest.mark.django_db
def test_all_is_put_back_and_holds_for_the_rows() -> None:
    execute(STATEMENTS)
    before, told = shape(), list[object]()
    with indexes_aside(TABLES, told.append):
        during = shape()
        execute("INSERT INTO loading_thing VALUES (1, 7, 'x', '[2026-01-01,2026-02-01)')")
        execute("INSERT INTO loading_owner VALUES (7, 'a')")
    assert shape() == before
    assert set(before) - set(during)
    assert told == [
        "loading_name", "loading_owner_code_key", "loading_thing_day_excl", "loading_thing_owner_id_name_key",
        "loading_thing_owner_id_fkey", "loading_trigger",
    ]  # fmt: skip


def load(row: str) -> None:
    with indexes_aside(TABLES, lambda _: None):
        execute("INSERT INTO loading_owner VALUES (7, 'a')")
        execute(f"INSERT INTO loading_thing VALUES {row}")  # noqa: S608 - rows of this file


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row", ["(1, 8, 'x', '[2026-01-01,2026-02-01)')", "(1, 7, 'x', NULL), (2, 7, 'x', NULL)"], ids=["no owner", "twice"]
)
def test_rows_that_break_a_rule_are_refused_in_the_end(row: str) -> None:
    execute(STATEMENTS)
    with pytest.raises(IntegrityError):
        load(row)


@pytest.mark.django_db
def test_a_filling_that_was_interrupted_is_told() -> None:
    assert not is_unfinished()
    with marked_as_unfinished():
        assert is_unfinished()
    assert not is_unfinished()

    def stops() -> None:
        with marked_as_unfinished():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stops()
    assert is_unfinished()
