"""Adds many rows by one statement: INSERT … SELECT … FROM unnest().

`QuerySet.bulk_create` writes a placeholder for every value, and making and reading such a statement takes longer than
the database needs to write. Here every field is one array, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

from .set_updates import array_of, cast_of, element_type

M = TypeVar("M", bound=Model)


def insert_rows(rows: Iterable[M]) -> list[M]:
    """Adds rows of one model that are not stored yet, gives them their ids, and answers them in their order.

    Expressions are no values, and no signals are sent.
    """
    found = list(rows)
    if not found:
        return found
    meta = found[0]._meta
    connection = connections[router.db_for_write(type(found[0]), instance=found[0])]
    written: list[Field[Any, Any]] = [one for one in meta.local_concrete_fields if not one.primary_key]
    arrays = [array_of(one, (one.pre_save(row, add=True) for row in found), connection) for one in written]
    with connection.cursor() as cursor:
        cursor.execute(_statement(meta.db_table, str(meta.pk.column), written, connection), arrays)
        ids = [pk for (pk,) in cursor.fetchall()]
    for row, pk in zip(found, ids, strict=True):
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias
    return found


def _statement(table: str, pk: str, fields: Sequence[Field[Any, Any]], connection: BaseDatabaseWrapper) -> str:
    """The ids ascend with the place of the rows, because they are drawn after the sort."""
    quote = connection.ops.quote_name
    names = [quote(str(field.column)) for field in fields]
    arrays = ", ".join(f"%s::{element_type(field, connection)}[]" for field in fields)
    values = ", ".join(f"given.{name}{cast_of(field, connection)}" for field, name in zip(fields, names, strict=True))
    listed = ", ".join(names)
    source = f"unnest({arrays}) WITH ORDINALITY AS given ({listed}, ordinality)"
    return (
        f"INSERT INTO {quote(table)} ({listed}) SELECT {values} FROM {source}"  # noqa: S608  names of columns
        f" ORDER BY given.ordinality RETURNING {quote(pk)}"
    )
