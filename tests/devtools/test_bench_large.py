"""On tables that are large, the planner itself reads no page by a whole table and sorts no more than one enterprise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client

from devtools.bench.data import LARGE, generate
from devtools.bench.indexes import named_indexes, unused
from devtools.bench.measure import client_of, cost
from devtools.bench.pages import PAGES, REGISTRIES, SYSTEM, Page
from tests.devtools.remains import without_remains, without_time_limit
from tests.devtools.test_bench_pages import BIG

PEOPLE = 20_000
"""The smallest of `BIG` has hundreds of pages then, so that an index is cheaper than reading it whole wherever one serves."""
READ_WHOLE = 2_100
"""The unit is rows. The largest enterprise has `LARGE` people, and its board reads all of them."""


def orders_and_filters(client: Client) -> Iterator[Page]:
    """Of every order and filter that the registries offer, the first and the last choice."""
    for name in REGISTRIES:
        address = f"/office/registry/{name}/"
        queries = re.findall(r'href="(\?[^"]+)"', client.get(address).content.decode())
        first = {query.split("=")[0]: query for query in reversed(queries)}
        last = {query.split("=")[0]: query for query in queries}
        yield from (Page(SYSTEM, address + unescape(query)) for query in sorted({*first.values(), *last.values()}))


@pytest.mark.django_db
def test_no_page_reads_a_large_table_whole_or_sorts_it() -> None:
    assert LARGE < READ_WHOLE < PEOPLE // 5
    without_time_limit()
    without_remains()
    generate(PEOPLE)
    clients = {page.reader: client_of(page.reader) for page in PAGES}
    faults: list[tuple[str, object, str]] = []
    for page in (*PAGES, *orders_and_filters(clients[SYSTEM])):
        found = cost(clients[page.reader], page)
        assert found.status == 200, page
        for plan in found.plans:
            if whole := {table for table, rows in plan.scanned.items() if table in BIG and rows > READ_WHOLE}:
                faults.append((page.address, whole, plan.statement))
            if plan.sorted_rows > READ_WHOLE:
                faults.append((page.address, plan.sorted_rows, plan.statement))
    assert not faults, "\n".join(f"{address} {what} {statement[:600]}" for address, what, statement in faults)


@pytest.mark.django_db
def test_an_index_that_no_page_has_read_by_is_told() -> None:
    named = named_indexes()
    assert "queue_desk" in named
    assert "accounts_person_pkey" not in named
    assert unused(named[1:]) == named[:1]
