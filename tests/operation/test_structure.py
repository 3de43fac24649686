"""An empty database that gets its tables at once is the same as one that went through every migration."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from common.operation.structure import STRUCTURE, as_structure, load_structure, recorded
from conftest import _drop, _maintenance, _switch_to
from devtools.management.commands.write_structure import dumped

_LIST = re.compile(r"\(ARRAY\[((?:'[^']*'::character varying(?:, )?)+)\]\)::text\[\]")
_APPLIED = re.compile(r"(?<=INSERT INTO public\.django_migrations \(id, app, name, applied\) VALUES \()\d+")
"""A migration that is newer than the file is applied after all others in one way, and among those of its app in the other."""
TIMES = re.compile(r"'20\d\d-\d\d-\d\d \d\d:\d\d:\d\d[^']*'")


@pytest.fixture
def empty_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    own = str(connection.settings_dict["NAME"])
    name = f"structure_{os.getpid()}"
    with django_db_blocker.unblock():
        _make_empty(name)
        _switch_to(name)
        yield name
        _switch_to(own)
        with _maintenance() as session:
            _drop(session, name)


def _cast_each(found: re.Match[str]) -> str:
    """PostgreSQL writes a list of texts as cast at once when it was made, and as cast one by one when it was restored."""
    return f"ARRAY[{', '.join(f'({one})::text' for one in found[1].split(', '))}]"


def _whole(name: str) -> list[str]:
    """Answers what the database is made of and what it holds, but for times and for the order of rows and migrations."""
    connection.close()
    kept = (line for line in dumped(settings.CLUSTER, name, "--column-inserts").splitlines() if line)
    lines = (_APPLIED.sub("…", line) for line in kept if not line.startswith(("--", "\\")))
    return sorted(TIMES.sub("'…'", _LIST.sub(_cast_each, line)) for line in lines)


def _make_empty(name: str) -> None:
    connection.close()
    with _maintenance() as session:
        _drop(session, name)
        session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def test_both_ways_lead_to_the_same_database(empty_database: str) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    at_once = _whole(empty_database)
    _make_empty(empty_database)
    call_command("migrate", verbosity=0, interactive=False, with_structure=False)
    assert (set(_whole(empty_database)) ^ set(at_once)) == set()
    assert len(at_once) > 5000


def test_structure_is_used_and_is_not_old() -> None:
    on_disk = {key for key in MigrationLoader(None).disk_migrations if key[0] != "jxcloud"}
    named = recorded(STRUCTURE.read_text(encoding="utf-8"))
    assert named <= on_disk
    assert len(on_disk - named) <= 20, "manage.py write_structure"


def test_database_with_a_table_is_left_to_the_migrations(empty_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_somebody_else ()")
    assert load_structure(connection) is False
    assert connection.introspection.table_names() == ["of_somebody_else"]


def test_structure_that_names_a_migration_which_is_gone_is_not_used(empty_database: str, tmp_path: Path) -> None:
    older = tmp_path / "structure.sql"
    older.write_text(as_structure("CREATE TABLE early ();", [("accounts", "0001_of_yesterday")]), encoding="utf-8")
    assert load_structure(connection, older) is False
    assert connection.introspection.table_names() == []


def test_a_structure_that_fails_leaves_nothing(empty_database: str, tmp_path: Path) -> None:
    broken = tmp_path / "structure.sql"
    broken.write_text("CREATE TABLE early ();\nCREATE TABLE early ();\n", encoding="utf-8")
    with pytest.raises(Exception, match="already exists"):
        load_structure(connection, broken)
    connection.close()
    assert connection.introspection.table_names() == []


def test_settings_and_comments_of_a_dump_are_left_out() -> None:
    dump = "\\restrict abc\n-- a comment\nSET row_security = off;\nSELECT pg_catalog.set_config('search_path', '', false);\n"
    text = as_structure(
        f"{dump}\n\nCREATE TABLE public.one (\n    id bigint\n);\n\n\\unrestrict abc\n", [("a", "0001_x")]
    )
    assert text.endswith(
        "\n\nCREATE TABLE public.one (\n    id bigint\n);\n\n"
        "INSERT INTO public.django_migrations (app, name, applied) VALUES\n    ('a', '0001_x', now());\n"
    )
    assert ("search_path" in text, "comment" in text, recorded(text)) == (False, False, {("a", "0001_x")})
