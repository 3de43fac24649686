"""Rows that a query does not order come in another order than the table's, so that nothing leans on an accident.

PostgreSQL promises no order without ORDER BY; on small tables it answers by chance in that of insertion, and a page that
forgot to say its order looks right until rows are changed. Here such rows never come as the database gave them, and
asking for the first few of them fails. `JXCLOUD_ROW_ORDER=7` tries another order.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random
from typing import Any

from django.db.models.query import MAX_GET_RESULTS, QuerySet

SEED = os.environ.get("JXCLOUD_ROW_ORDER", "1")


class NoOrder(AssertionError):
    """The first rows of a query without an order are any rows."""


class RowOrder:
    """Mixes the rows of one test; the same test has the same order in every run with the same seed."""

    def __init__(self, test: str) -> None:
        self._random = Random(f"{SEED} {test}")

    def mix(self, rows: list[Any]) -> None:
        """Never leaves two or more rows as they were."""
        before = list(map(id, rows))
        if len(rows) > 1:
            self._random.shuffle(rows)
            if list(map(id, rows)) == before:
                rows.reverse()


def is_left_to_chance(queryset: QuerySet[Any]) -> bool:
    """`get` asks for up to MAX_GET_RESULTS rows, to say how many there are when it wanted one."""
    query = queryset.query
    if queryset.ordered or query.is_empty():
        return False
    if query.is_sliced and query.high_mark != MAX_GET_RESULTS and not query.select_for_update_skip_locked:
        raise NoOrder(f"rows {query.low_mark} to {query.high_mark} of a query that says no order:\n{query}")
    return True


def patched(current: list[RowOrder]) -> dict[str, Any]:
    """Replacements for two methods of `QuerySet`; they mix by the last of `current`, and not at all while it is empty."""
    fetch_all, iterate = QuerySet._fetch_all, QuerySet._iterator  # type: ignore[attr-defined]

    def _fetch_all(self: QuerySet[Any]) -> None:
        if self._result_cache is None and current and is_left_to_chance(self):  # type: ignore[has-type]
            self._result_cache = list(self._iterable_class(self))  # type: ignore[attr-defined,call-overload]
            current[-1].mix(self._result_cache)
        fetch_all(self)

    def _iterator(self: QuerySet[Any], use_chunked_fetch: bool, chunk_size: int | None) -> Iterator[Any]:
        rows = iterate(self, use_chunked_fetch, chunk_size)
        if not current or not is_left_to_chance(self):
            yield from rows
            return
        kept = list(rows)
        current[-1].mix(kept)
        yield from kept

    return {"_fetch_all": _fetch_all, "_iterator": _iterator}
