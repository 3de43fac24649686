"""Reads several query sets by one statement, because each statement of a page costs a round to the server.

PostgreSQL answers the rows of every query set as JSON; they become again what the driver would have given, so that query
sets of models, of values and of related objects all answer what they answer alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import (
    DateField,
    DateTimeField,
    DecimalField,
    DurationField,
    Field,
    GeneratedField,
    JSONField,
    QuerySet,
    TimeField,
    UUIDField,
)

from .json_rows import moment

Convert = Callable[[Any], Any]


def read_together(querysets: Iterable[QuerySet[Any]]) -> None:
    """Fills the query sets; afterwards they are iterated and counted without a statement.

    All read from the same database. One that was filled before stays as it is, and one that cannot have rows takes no part.
    """
    parts = [_Part(one) for one in querysets if one._result_cache is None]
    asked = [part for part in parts if part.sql]
    if asked:
        with connections[asked[0].queryset.db].cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(part.as_column() for part in asked)}",
                list(chain.from_iterable(part.values for part in asked)),
            )
            answers = cursor.fetchone() or ()
        for part, answer in zip(asked, answers, strict=True):
            part.fill(json.loads(answer or "[]"))


class _Part:
    """One query set on its way: the compiler that made its statement also takes its rows."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self.queryset = queryset
        self.compiler: Any = queryset.query.get_compiler(using=queryset.db)
        self.sql: str = ""
        self.values: Sequence[Any] = ()
        # A condition that nothing fulfils has no statement.
        with suppress(EmptyResultSet):
            self.sql, self.values = self.compiler.as_sql()

    def as_column(self) -> str:
        """Columns are numbered, since those of related tables have the same names."""
        columns = ", ".join(f"c{number}" for number in range(len(self.compiler.select)))
        return f"(SELECT json_agg(part) FROM ({self.sql}) AS part ({columns}))::text"  # noqa: S608

    def fill(self, rows: Sequence[dict[str, Any]]) -> None:
        columns = self.compiler.select if rows else []
        converters = [_converter(expression.output_field) for expression, _, _ in columns]
        given = [
            tuple(_read(value, convert) for value, convert in zip(row.values(), converters, strict=True))
            for row in rows
        ]
        self.compiler.execute_sql = lambda *args, **kwargs: [given]
        query: Any = self.queryset.query
        query.get_compiler = lambda *args, **kwargs: self.compiler
        try:
            self.queryset._fetch_all()
        finally:
            del query.get_compiler


def _read(value: Any, convert: Convert | None) -> Any:
    return value if value is None or convert is None else convert(value)


def _converter(field: Field[Any, Any]) -> Convert | None:
    """Answers what makes of a value in JSON that of the driver; None where both are the same."""
    kind: Any = field.output_field if isinstance(field, GeneratedField) else field
    sort = type(kind)
    if sort not in _FOUND:
        _FOUND[sort] = next((convert for known, convert in _CONVERTERS if isinstance(kind, known)), None)
    return _FOUND[sort]


def _unreadable(value: Any) -> Any:
    raise TypeError("this kind of column cannot be read together with others")


# A moment is a day too, so it stands first. JSON comes from the driver as text.
_CONVERTERS: tuple[tuple[type[Field[Any, Any]], Convert], ...] = (
    (DateTimeField, moment),
    (DateField, date.fromisoformat),
    (DecimalField, lambda value: Decimal(str(value))),
    (UUIDField, UUID),
    (JSONField, json.dumps),
    (DurationField, _unreadable),
    (TimeField, _unreadable),
)
_FOUND: dict[type[Any], Convert | None] = {}
"""Keeps what was found for each sort of field, since a page asks for some four hundred columns."""
