"""Pages by keys: page one million takes as long as page one, and rows that arrive meanwhile shift nothing.

Order fields must not be NULL in the rows paged over. The primary key is added as the last field, so the order is total.
An order of one direction throughout is answered by one index range; mixed directions read ties of the first field too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import reduce
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.constants import LOOKUP_SEP

PAGE_SIZE = 20
FORWARD, BACKWARD = "f", "b"

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    items: list[Row]
    next_cursor: str | None
    previous_cursor: str | None


@dataclass(frozen=True)
class _Key:
    name: str
    descending: bool
    field: Field[Any, Any]

    def value_of(self, row: Model) -> Any:
        value = attrgetter(self.name.replace(LOOKUP_SEP, "."))(row)
        if value is None:
            raise ValueError(f"{self.name} is NULL in {row!r}: keyset paging cannot order by it")
        return value


class _RowComparison(Func):
    """Compares (a, b) > (x, y), which PostgreSQL answers from one index range."""

    output_field = BooleanField()
    arg_joiner = ", "

    def __init__(self, keys: Sequence[_Key], values: Sequence[Any], operator: str) -> None:
        columns = Func(*(F(key.name) for key in keys), function="ROW", output_field=BooleanField())
        bounds = (Value(value, output_field=key.field) for key, value in zip(keys, values, strict=True))
        super().__init__(
            columns,
            Func(*bounds, function="ROW", output_field=BooleanField()),
            template="%(expressions)s",
            arg_joiner=f" {operator} ",
        )


def paginate(
    queryset: QuerySet[Row],
    *,
    order: tuple[str, ...],
    cursor: str | None,
    size: int = PAGE_SIZE,
    branches: Sequence[Q] = (),
) -> KeysetPage[Row]:
    """`order` is as for order_by: fields, also of relations, and annotations. A foreign cursor means the first page.

    With `branches` it pages over the rows that fit any of them. Each is read from its own index, no further than the
    page; with OR the planner would walk all rows in the given order, or sort all that fit. One branch that is the
    empty condition lets only the keys of the rows that fit be sorted, and not the rows with their relations.
    """
    keys = _keys(queryset, order)
    salt = _salt(queryset, keys)
    position = _read_cursor(cursor, keys, salt)
    direction, values = position or (FORWARD, None)
    backward = direction == BACKWARD
    rows = queryset.order_by(*_ordering(keys, reverse=backward))
    if values is not None:
        rows = rows.filter(_beyond(keys, values, reverse=backward))
    found = list(_of_branches(rows, keys, branches, size + 1)[: size + 1])
    if not found and values is not None:
        # The rows on that side were deleted meanwhile, and an empty page would lead nowhere.
        return paginate(queryset, order=order, cursor=None, size=size, branches=branches)
    has_more = len(found) > size
    items = found[:size]
    if backward:
        items.reverse()
    has_next = backward or has_more
    has_previous = has_more if backward else values is not None
    return KeysetPage(
        items=items,
        next_cursor=_write_cursor(FORWARD, items[-1], keys, salt) if has_next else None,
        previous_cursor=_write_cursor(BACKWARD, items[0], keys, salt) if has_previous else None,
    )


def _of_branches(rows: QuerySet[Row], keys: Sequence[_Key], branches: Sequence[Q], size: int) -> QuerySet[Row]:
    if not branches:
        return rows
    plain = rows.select_related(None)
    names = dict.fromkeys(["pk", *(key.name for key in keys)])
    first, *others = [plain.filter(branch).values(*names)[:size] for branch in branches]
    united = first.union(*others).order_by(*rows.query.order_by)[:size] if others else first
    # The keys are asked first: as a subquery they would be looked for among all rows with their relations.
    return rows.filter(pk__in=[row["pk"] for row in united])


def row_comparison(queryset: QuerySet[Row], order: tuple[str, ...], values: Sequence[Any], operator: str) -> Func:
    """Answers the condition of rows after (`>`) or before (`<`) the given values in an ascending order."""
    return _RowComparison(_keys(queryset, order), values, operator)


def capped_count(queryset: QuerySet[Any], cap: int = 1000) -> tuple[int, bool]:
    """Answers (count, is there more), because lists show 1000+ instead of counting millions."""
    count = queryset.order_by()[: cap + 1].count()
    return min(count, cap), count > cap


def capped_text(queryset: QuerySet[Any], cap: int = 1000) -> str:
    count, more = capped_count(queryset, cap)
    return f"{count}+" if more else str(count)


def _keys(queryset: QuerySet[Row], order: tuple[str, ...]) -> list[_Key]:
    names = [name.removeprefix("-") for name in order]
    descending = [name.startswith("-") for name in order]
    if queryset.model._meta.pk.name not in names and "pk" not in names:
        names.append("pk")
        # The added field takes the direction of its neighbour, so that most orders are of one direction.
        descending.append(descending[-1] if descending else False)
    return [_Key(name, down, _field(queryset, name)) for name, down in zip(names, descending, strict=True)]


def _field(queryset: QuerySet[Row], name: str) -> Field[Any, Any]:
    if name in queryset.query.annotations:
        return queryset.query.annotations[name].output_field
    model: type[Model] = queryset.model
    *relations, last = name.split(LOOKUP_SEP)
    for relation in relations:
        related = model._meta.get_field(relation).related_model
        if not isinstance(related, type):
            raise FieldDoesNotExist(f"{name}: {relation} is not a relation of {model.__name__}")
        model = related
    field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(f"{name} is not a column")
    return field


def _ordering(keys: Sequence[_Key], *, reverse: bool) -> list[str]:
    return [f"-{key.name}" if key.descending != reverse else key.name for key in keys]


def _beyond(keys: Sequence[_Key], values: Sequence[Any], *, reverse: bool) -> Q | _RowComparison:
    """Selects the rows after `values` in the given order, or before them if reversed."""
    downs = [key.descending != reverse for key in keys]
    if len(set(downs)) == 1:
        return _RowComparison(keys, values, "<" if downs[0] else ">")
    alternatives = []
    equal = Q()
    for key, value, down in zip(keys, values, downs, strict=True):
        alternatives.append(equal & Q(**{f"{key.name}__{'lt' if down else 'gt'}": value}))
        equal &= Q(**{key.name: value})
    # This is redundant, but it gives the index a range to start from.
    bound = Q(**{f"{keys[0].name}__{'lte' if downs[0] else 'gte'}": values[0]})
    return bound & reduce(Q.__or__, alternatives)


def _salt(queryset: QuerySet[Row], keys: Sequence[_Key]) -> str:
    """Binds a cursor to its list and order; a cursor of another order means the first page."""
    return "|".join(["jxcloud.paging", queryset.model._meta.label, *_ordering(keys, reverse=False)])


def _write_cursor(direction: str, row: Model, keys: Sequence[_Key], salt: str) -> str:
    values = [_as_text(key.value_of(row)) for key in keys]
    return signing.dumps([direction, *values], salt=salt)


def _read_cursor(cursor: str | None, keys: Sequence[_Key], salt: str) -> tuple[str, list[Any]] | None:
    if not cursor:
        return None
    try:
        direction, *texts = signing.loads(cursor, salt=salt)
        return direction, [key.field.to_python(text) for key, text in zip(keys, texts, strict=True)]
    except (signing.BadSignature, ValidationError, ValueError):
        return None  # tampered with, or written before a column changed its type


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)
