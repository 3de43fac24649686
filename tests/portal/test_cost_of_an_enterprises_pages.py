"""Every page of an enterprise takes the same statements with 1, 3 and 300 employees, exports and the home page included."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from administration.messages.services import OutgoingMessage, send
from devtools.bench.pages import OPERATOR, PAGES
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.crowd import certify, employ, names, people_named
from tests.exams.exam_world import make_batch, make_entry
from tests.factories import Province, make_enterprise, make_operator
from tests.pace import pace
from tests.workflow.browsing import browser
from tests.worlds.base import NOW, TODAY
from tests.worlds.employment_start import EmploymentStartWorld
from tests.worlds.extension import ExtensionWorld

pytestmark = pytest.mark.django_db
SIZES = ((0, 1), (10, 3), (100, 300))
CASES = 8
"""So many of the employees have a case of each kind under way: filing goes one by one."""
LISTED = tuple(page.address for page in PAGES if page.reader == OPERATOR)
NARROWED = (
    "/enterprise/staff/?state=none&category=B",
    "/enterprise/staff/?state=contract&sort=-ends",
    "/enterprise/exams/{batch}/?category=C1",
    "/enterprise/exams/{batch}/?category=C1&show=all",
    "/enterprise/changes/?kind=hired",
    "/enterprise/keys/{key}/",
    "/applications/new/enterprise_rename/",
    "/messages/contact/",
)
EXPORTS = (
    "/enterprise/staff/export/",
    "/enterprise/deadlines/export/",
    "/enterprise/changes/export/",
    "/enterprise/employment/export/",
    "/enterprise/employment/contracts/export/",
    "/enterprise/exams/entries/export/",
)


@dataclass(frozen=True)
class Firm:
    client: Client
    places: dict[str, int]

    def address(self, pattern: str) -> str:
        return pattern.format(**self.places)


@pytest.fixture
def firms(db: None, clock: Clock) -> list[Firm]:
    clock.stop_at(NOW)
    province = Province()
    return [firm_of(province, first, size) for first, size in SIZES]


def firm_of(province: Province, first: int, size: int) -> Firm:
    """Everybody has a contract and a certificate that end soon, an entry, and somebody has each kind of case."""
    enterprise = make_enterprise()
    operator = make_operator(enterprise)
    people = people_named(names(size), first=first)
    employ(people, enterprise, [TODAY + timedelta(days=20)] * size)
    certify(people, enterprise, [TODAY + timedelta(days=60)] * size, first=100_001 + first)
    _tell(enterprise, size)
    for _ in range(min(size, CASES)):
        ExtensionWorld(province, (enterprise, operator)).file()
        EmploymentStartWorld(province, (enterprise, operator)).file()
    batch = make_batch(quota=1000)
    for person in people[:CASES]:
        make_entry(person, enterprise, batch)
    client = browser(operator)
    return Firm(client, {"batch": batch.pk, "key": operator.ca_key.pk})


def _tell(enterprise: Enterprise, size: int) -> None:
    send(
        OutgoingMessage(
            enterprise.mailbox_id, f"第 {number} 条", "内容。", "/enterprise/", event="certificate_reissued"
        )
        for number in range(size)
    )


def test_every_page_takes_the_same_statements(
    firms: list[Firm], count_queries: Callable[[Callable[[], object]], int]
) -> None:
    different = {}
    for pattern in (*LISTED, *NARROWED):
        counts = []
        for firm in firms:
            address = firm.address(pattern)
            assert firm.client.get(address).status_code == 200, address
            counts.append(count_queries(lambda c=firm.client, a=address: c.get(a)))  # type: ignore[misc]
        if len(set(counts)) > 1:
            different[pattern] = counts
    assert not different


def test_every_export_takes_the_same_statements(
    firms: list[Firm], count_queries: Callable[[Callable[[], object]], int]
) -> None:
    different = {}
    for address in EXPORTS:
        counts = []
        for firm in firms:
            assert firm.client.post(address).status_code == 200, address
            counts.append(count_queries(lambda c=firm.client, a=address: c.post(a)))  # type: ignore[misc]
        if len(set(counts)) > 1:
            different[address] = counts
    assert not different


def test_the_board_of_2000_people_takes_less_than_300_ms_of_this_process(clock: Clock) -> None:
    """The database's part is guarded by tests/devtools/test_bench_large.py."""
    clock.stop_at(NOW)
    enterprise = make_enterprise()
    people = people_named(names(2_000))
    employ(people, enterprise, [TODAY + timedelta(days=10 + place % 400) for place in range(2_000)])
    certify(people, enterprise, [TODAY + timedelta(days=5 + place % 900) for place in range(2_000)], first=100_001)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE employment_employment, certificates_certificate, accounts_person")
    client = browser(make_operator(enterprise))

    def spent() -> float:
        begun = time.process_time()
        assert client.get("/enterprise/staff/").status_code == 200
        return time.process_time() - begun

    spent()
    assert min(spent() for _ in range(3)) < 0.3 * pace()
