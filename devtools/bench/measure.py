"""Measures what a page costs the database: statements, buffers, rows that are looked at, and the slowest statement."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.test import Client

from accounts.models import User

from .pages import AUDIT, CITY, HEAD, NOBODY, OPERATOR, PERSON, PROVINCE, SECURITY, SYSTEM, Page

LOGINS = {
    OPERATOR: "operator-1", CITY: "staff-1-1", PROVINCE: "staff-0-1", SYSTEM: "system_admin", SECURITY: "security_admin",
    AUDIT: "audit_admin", HEAD: "staff-1-2",
}  # fmt: skip
READS = ("SELECT", "WITH")
Statement = tuple[str, Any]


@dataclass(frozen=True)
class Plan:
    """`looked_at` counts rows that scans gave or threw away; `scanned` and `sorted` name tables and numbers of rows;
    `indexes` are those by which it found rows.
    """

    statement: str
    buffers: int
    milliseconds: float
    looked_at: int
    scanned: dict[str, int]
    sorted_rows: int
    indexes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cost:
    reader: str
    address: str
    status: int
    queries: int
    buffers: int
    database_ms: float
    cpu_ms: float
    looked_at: int
    plans: tuple[Plan, ...]

    @property
    def slowest(self) -> Plan:
        return max(self.plans, key=lambda plan: plan.buffers, default=Plan("", 0, 0, 0, {}, 0))

    def as_row(self) -> dict[str, Any]:
        row = asdict(self)
        del row["plans"]
        return row | {"slowest": asdict(self.slowest)}


def client_of(reader: str) -> Client:
    client = Client()
    if reader == NOBODY:
        return client
    found = {"pk": 1} if reader == PERSON else {"login": LOGINS[reader]}
    client.force_login(User.objects.get(**found), backend="django.contrib.auth.backends.ModelBackend")
    return client


def costs(pages: tuple[Page, ...]) -> Iterator[Cost]:
    """Each page is opened twice: the first time fills caches of the process, the second time counts."""
    clients = {page.reader: client_of(page.reader) for page in pages}
    for page in pages:
        yield cost(clients[page.reader], page)


def cost(client: Client, page: Page) -> Cost:
    client.get(page.address)
    started = time.process_time()
    response, statements = recorded(lambda: client.get(page.address))
    spent = time.process_time() - started
    plans = [plan_of(one) for one in statements if one[0].lstrip("( ").upper().startswith(READS)]
    return Cost(
        page.reader,
        page.address,
        response.status_code,
        len(statements),
        sum(plan.buffers for plan in plans),
        round(sum(plan.milliseconds for plan in plans), 2),
        round(spent * 1000, 1),
        max((plan.looked_at for plan in plans), default=0),
        tuple(plans),
    )


def recorded(work: Callable[[], Any]) -> tuple[Any, list[Statement]]:
    statements: list[Statement] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many:
            statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        return work(), statements


def plan_of(statement: Statement) -> Plan:
    text, params = statement
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {text}", params)
        (answer,) = cursor.fetchone() or ([],)
    found = (json.loads(answer) if isinstance(answer, str) else answer)[0]
    nodes = list(_nodes(found["Plan"]))
    scans = [node for node in nodes if "Relation Name" in node]
    return Plan(
        text,
        found["Plan"]["Shared Hit Blocks"] + found["Plan"]["Shared Read Blocks"],
        found["Execution Time"],
        sum(_looked_at(node) for node in scans),
        {node["Relation Name"]: _looked_at(node) for node in scans if node["Node Type"] == "Seq Scan"},
        max((int(_rows(node["Plans"][0])) for node in nodes if "Sort" in node["Node Type"]), default=0),
        tuple(sorted({node["Index Name"] for node in nodes if "Index Name" in node})),
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _rows(node: dict[str, Any]) -> float:
    return float(node["Actual Rows"]) * int(node["Actual Loops"])


def _looked_at(node: dict[str, Any]) -> int:
    thrown = sum(value for name, value in node.items() if name.startswith("Rows Removed by"))
    return int(_rows(node) + thrown * int(node["Actual Loops"]))
