"""Every index of the database serves something that docs/indexes.md names, and none is there twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from common.database.migration_helpers import _REDUNDANT

DOCUMENT = Path(settings.ROOT) / "docs" / "indexes.md"
OF_OTHERS = ("auth_", "django_", "procrastinate_")
"""Tables of Django and procrastinate: their indexes are theirs, apart from the useless ones."""
_INDEXES = """
    SELECT t.relname, i.relname,
        ix.indisprimary OR EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = ix.indexrelid) OR ix.indisunique,
        ix.indnkeyatts = 1 AND ix.indpred IS NULL AND EXISTS (
            SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'f' AND c.conkey[1] = ix.indkey[0])
    FROM pg_index ix JOIN pg_class i ON i.oid = ix.indexrelid JOIN pg_class t ON t.oid = ix.indrelid
    WHERE t.relnamespace = current_schema()::regnamespace
"""
_PREFIXES = """
    SELECT one.relname, other.relname
    FROM pg_index a JOIN pg_class one ON one.oid = a.indexrelid JOIN pg_class t ON t.oid = a.indrelid
    JOIN pg_index b ON b.indrelid = a.indrelid AND b.indexrelid <> a.indexrelid
    JOIN pg_class other ON other.oid = b.indexrelid AND other.relam = one.relam
    WHERE t.relnamespace = current_schema()::regnamespace AND NOT a.indisunique
        AND t.relname NOT LIKE ALL (%s)
        AND pg_get_indexdef(a.indexrelid) LIKE '%% USING btree %%'
        AND a.indexprs IS NULL AND b.indexprs IS NULL AND b.indnkeyatts >= a.indnkeyatts
        AND pg_get_expr(b.indpred, b.indrelid) IS NOT DISTINCT FROM pg_get_expr(a.indpred, a.indrelid)
        AND (b.indkey::int2[])[0:a.indnkeyatts - 1] = (a.indkey::int2[])[0:a.indnkeyatts - 1]
"""


def asked(statement: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[object, ...]] = cursor.fetchall()
        return found


def documented() -> dict[str, str]:
    rows = re.findall(r"(?m)^\| `(\w+)` \| ([^|]+) \|$", DOCUMENT.read_text(encoding="utf-8"))
    assert len(rows) == len(dict(rows)), "an index is described twice"
    return dict(rows)


@pytest.mark.django_db
def test_every_index_says_what_it_serves() -> None:
    """Primary keys and unique ones keep something from being there twice; those of one foreign key find what points to a row."""
    found = asked(_INDEXES)
    named = {
        str(index)
        for table, index, is_unique, is_foreign_key in found
        if not (is_unique or is_foreign_key or str(table).startswith(OF_OTHERS))
    }
    assert sorted(named) == sorted(documented())
    assert all(len(purpose.strip()) > 10 for purpose in documented().values())


@pytest.mark.django_db
def test_no_index_is_the_beginning_of_another() -> None:
    assert asked(_PREFIXES, [f"{beginning}%" for beginning in OF_OTHERS]) == []
    assert asked("SELECT relname FROM pg_class WHERE relkind = 'i' AND relname LIKE %s", "%\\_like") == []


@pytest.mark.django_db
def test_an_index_that_comes_twice_is_seen() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX accounts_formeridnumber_x_0123abcd ON accounts_formeridnumber (person_id)")
        cursor.execute("CREATE INDEX former_twice ON accounts_formeridnumber (person_id, id)")
    seen = {one for one, _ in asked(_PREFIXES, ["auth_%"])}
    assert "accounts_formeridnumber_x_0123abcd" in seen
    assert "accounts_formeridnumber_x_0123abcd" in {name for (name,) in asked(_REDUNDANT, "accounts_")}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("certificates_certificate", "number"),
        ("workflow_application", "number"),
        ("enterprises_enterprise", "uscc"),
        ("accounts_user", "login"),
        ("accounts_person", "id_number_index"),
    ],
)
def test_the_unique_index_serves_the_beginning_of_a_text(table: str, column: str) -> None:
    """The second index that Django would make is therefore left out (common/database/postgresql)."""
    with connection.cursor() as cursor:
        # An index of the parts of a text is read by bitmaps only, and which is cheaper hangs on how many rows there were.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN SELECT 1 FROM {table} WHERE {column} LIKE 'abc%'")  # noqa: S608  names of ours
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search(rf"Index (Only )?Scan using {table}_{column}\w*_key|on {table}_{column}\w*_key", plan), plan
    assert "abd" in plan, "the beginning is a range of the index"
