"""Finds rows by any part of a name, at every size of the table.

PostgreSQL's trigrams need three characters, and most parts of Chinese names have one or two. So the index
(`index_of_parts`) is one of single characters, and the exact order is compared with the few rows that it leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.migrations.operations import RunSQL
from django.db.models import Lookup, Q, QuerySet

from common.text.names import normalise_name
from common.text.organisations import normalise_organisation_name

if TYPE_CHECKING:
    _Lookup = Lookup[str]
else:
    _Lookup = Lookup  # generic for the type checker only

_CHARACTERS = "string_to_array(({})::text, NULL::text)"


class HasPart(_Lookup):
    """Compares `name__has_part`: the name contains the text, whatever the case of its letters."""

    lookup_name = "has_part"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        field, field_parameters = self.process_lhs(compiler, connection)
        part = str(self.rhs)
        uncased = sorted({sign for sign in part if sign.lower() == sign.upper()})
        pattern = f"%{connection.ops.prep_for_like_query(part)}%"
        operator = "LIKE" if len(uncased) == len(set(part)) else "ILIKE"
        sql = f"{_CHARACTERS.format(field)} @> %s::text[] AND {field} {operator} %s"
        return f"({sql})", (*field_parameters, uncased, *field_parameters, pattern)


models.CharField.register_lookup(HasPart)


def index_of_parts(table: str, column: str, *, name: str) -> RunSQL:
    """Answers the operation of a migration."""
    return RunSQL(f"CREATE INDEX {name} ON {table} USING gin ({_CHARACTERS.format(column)})", f"DROP INDEX {name}")


def index_of_trigrams(table: str, column: str, *, name: str) -> RunSQL:
    """Answers the operation of a migration, for a number that is searched by `__icontains`; pg_trgm is installed before."""
    return RunSQL(
        f"CREATE INDEX {name} ON {table} USING gin (UPPER({column}::text) gin_trgm_ops)", f"DROP INDEX {name}"
    )


def person_named(path: str, text: str) -> Q:
    """Takes the path to a person's name, such as `person__name`. Everything fits where the text holds nothing."""
    part = normalise_name(text)
    return Q(**{f"{path}__has_part": part}) if part else Q()


def organisation_named(path: str, text: str) -> Q:
    part = normalise_organisation_name(text)
    return Q(**{f"{path}__has_part": part}) if part else Q()


LOOKED_UP = 5_000
"""The unit is rows of the related table: so many ids are looked up first, and of more names the join is asked."""


def related(relation: str, model: type[models.Model], condition: Q) -> Q:
    """Answers the condition of rows whose relation fits `condition`, by ids where they are few.

    With the ids the planner reads the rows from the index of the relation; with a join it cannot know how few they
    are, and judges every row of a queue.
    """
    if not condition:
        return Q()
    # By the key alone the planner would walk the whole table in its order, in the hope of meeting enough of them.
    return looked_up(relation, model._default_manager.filter(condition).order_by("name", "pk").values("pk"))


def looked_up(path: str, ids: QuerySet[Any, Any]) -> Q:
    """`ids` says an order, and answers nothing but `pk`."""
    found = sorted(row["pk"] for row in ids[: LOOKED_UP + 1])
    return Q(**{f"{path}__in": found if len(found) <= LOOKED_UP else ids})
