"""Writes fields of many rows by one statement: UPDATE … FROM unnest().

`QuerySet.bulk_update` makes a CASE with a branch for every row and field, and building it takes longer than the database
needs to write. Here every field is one array, whatever the number of rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

_LENGTH = re.compile(r"\(.*?\)")


def update_rows(rows: Iterable[Model], fields: Sequence[str]) -> int:
    """Writes these fields of stored rows of one model, and answers how many rows there were. Expressions are no values."""
    found = list(rows)
    if not found:
        return 0
    meta = found[0]._meta
    connection = connections[router.db_for_write(type(found[0]), instance=found[0])]
    written: list[Field[Any, Any]] = [meta.pk, *(meta.get_field(name) for name in fields)]  # type: ignore[list-item]
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(meta.db_table, written, connection),
            [array_of(one, (getattr(row, one.attname) for row in found), connection) for one in written],
        )
        return int(cursor.rowcount)


def _statement(table: str, fields: Sequence[Field[Any, Any]], connection: BaseDatabaseWrapper) -> str:
    quote = connection.ops.quote_name
    names = [quote(str(field.column)) for field in fields]
    arrays = ", ".join(f"%s::{element_type(field, connection)}[]" for field in fields)
    values = [f"given.{name}{cast_of(field, connection)}" for field, name in zip(fields, names, strict=True)]
    written = ", ".join(f"{name} = {value}" for name, value in zip(names[1:], values[1:], strict=True))
    source = f"unnest({arrays}) AS given ({', '.join(names)})"
    return f"UPDATE {quote(table)} SET {written} FROM {source} WHERE {quote(table)}.{names[0]} = given.{names[0]}"  # noqa: S608  names of columns


def element_type(field: Field[Any, Any], connection: BaseDatabaseWrapper) -> str:
    """An array of arrays would fall apart, so a row's array comes as its text."""
    return "text" if isinstance(field, ArrayField) else _type(field, connection)


def cast_of(field: Field[Any, Any], connection: BaseDatabaseWrapper) -> str:
    return f"::{_type(field, connection)}" if isinstance(field, ArrayField) else ""


def _type(field: Field[Any, Any], connection: BaseDatabaseWrapper) -> str:
    """Leaves out the length, to which a cast would cut a value off; the column still refuses what is too long."""
    return _LENGTH.sub("", field.db_type(connection) or "")


def array_of(field: Field[Any, Any], values: Iterable[Any], connection: BaseDatabaseWrapper) -> list[Any]:
    prepared = (field.get_db_prep_save(value, connection) for value in values)
    if isinstance(field, ArrayField):
        return [None if value is None else _array_text(value) for value in prepared]
    # A member of an enumeration is of another class than a text, and an array has elements of one class.
    return [str.__str__(value) if isinstance(value, str) else value for value in prepared]


def _array_text(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list | tuple):
        return "{" + ",".join(_array_text(one) for one in value) + "}"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
