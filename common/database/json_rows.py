"""Builds instances of models from rows that a hand-written statement answers as JSON.

PostgreSQL answers several tables in one statement as arrays of `row_to_json`; one statement costs less than one for
each table, most of all because nothing has to be compiled from query sets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import DateField, DateTimeField, Field, GeneratedField, JSONField, Model

Row = TypeVar("Row", bound=Model)
Converter = Callable[[Any], Any]


def instances(model: type[Row], rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Each row has all columns of the table under their names."""
    readers = _readers(model)
    names = [name for name, _, _ in readers]
    return [
        model.from_db(
            connection.alias,
            names,
            [_read(row[column], convert) for _, column, convert in readers],
        )
        for row in rows
    ]


def _read(value: Any, convert: Converter | None) -> Any:
    return value if convert is None or value is None else convert(value)


@cache
def _readers(model: type[Model]) -> list[tuple[str, str, Converter | None]]:
    """Answers attribute, column and converter of each field, in the order in which a model takes them."""
    return [(field.attname, str(field.column), _converter(field)) for field in model._meta.concrete_fields]


def _converter(field: Field[Any, Any]) -> Converter | None:
    kind = field.output_field if isinstance(field, GeneratedField) else field
    if isinstance(kind, DateTimeField):
        return moment
    if isinstance(kind, DateField):
        return date.fromisoformat
    decode = getattr(kind, "from_db_value", None)
    if decode is None or isinstance(kind, JSONField):
        return None
    return lambda value: decode(value, None, connection)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
