"""Gives an empty database its tables at once, instead of by every migration since the first.

Django draws all models anew for most of the steps of a migration, which takes minutes for some hundred migrations. The file
beside this one holds what they yield: tables, indexes, constraints, functions and triggers, and which migrations these
stand for. Migrations that are newer than the file are applied afterwards as ever; a database that has tables already is left
to them. `manage.py write_structure` writes the file, and `tests/operation/test_structure.py` compares both ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

STRUCTURE = Path(__file__).with_name("structure.sql")
SCHEMA = "public"
_RECORDED = re.compile(r"^    \('(\w+)', '(\w+)', now\(\)\)", re.MULTILINE)
_IS_EMPTY = """
SELECT current_schema() = %s AND NOT EXISTS (
    SELECT FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = ANY('{r,p}'))
"""


def recorded(structure: str) -> set[tuple[str, str]]:
    """Answers app and name of each migration that the text stands for."""
    return set(_RECORDED.findall(structure))


def load_structure(connection: BaseDatabaseWrapper, file: Path = STRUCTURE) -> bool:
    """Answers whether the tables were made. Where they were not, nothing has changed, and each migration can be applied.

    A text that names a migration which is gone is older than a change of history, and is not used.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(_IS_EMPTY, [SCHEMA, SCHEMA])
        if not cursor.fetchone()[0]:
            return False
        structure = file.read_text(encoding="utf-8")
        if not recorded(structure) <= MigrationLoader(None).disk_migrations.keys():
            return False
        # The bodies of functions name tables that are made after them.
        cursor.execute("SET LOCAL check_function_bodies = off")
        connection.connection.execute(structure.encode())
    return True


def as_structure(dump: str, applied: Iterable[tuple[str, str]]) -> str:
    """Answers the text for a plain dump without data, owners, privileges and comments, and for its migrations in their order.

    Settings of the dumping session are left out, because some are unknown to older servers, and one empties the search path.
    """
    statements = re.sub(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\.*)$\n?", "", dump, flags=re.MULTILINE)
    statements = re.sub(r"\n{3,}", "\n\n", statements).strip()
    rows = ",\n".join(f"    ('{app}', '{name}', now())" for app, name in applied)
    return (
        "-- Written by `manage.py write_structure`: what all migrations below yield on an empty database.\n\n"
        f"{statements}\n\nINSERT INTO {SCHEMA}.django_migrations (app, name, applied) VALUES\n{rows};\n"
    )
