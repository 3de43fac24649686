"""The roster to print, and the workbooks of employees and entries."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import Person
from administration.models import AuditEntry
from common.text.masking import mask_id_number
from enterprises.enums import OperatorRole
from enterprises.models import Enterprise
from tests.exams.exam_world import make_batch, make_entry
from tests.factories import make_certificate, make_employment, make_enterprise, make_office, make_operator, make_person

pytestmark = pytest.mark.django_db
ROSTER = "/enterprise/staff/roster/"
EMPLOYED = "/enterprise/employment/export/"
ENTRIES = "/enterprise/exams/entries/export/"


@pytest.fixture
def enterprise() -> Enterprise:
    return make_enterprise("江西䶮甲建设有限公司")


@pytest.fixture
def door(client: Client, enterprise: Enterprise) -> Client:
    client.force_login(make_operator(enterprise, "周查阅", role=OperatorRole.READER))
    return client


def employed(enterprise: Enterprise, name: str, *categories: str) -> Person:
    person = make_person(name)
    make_employment(person, enterprise, "08")
    for category in categories:
        make_certificate(person, enterprise, category)
    return person


def rows_of(content: bytes) -> list[tuple[str, ...]]:
    return [tuple(cell or "" for cell in row) for row in load_workbook(BytesIO(content)).active.values]


def test_the_roster_has_a_line_for_each_certificate_and_who_has_none(door: Client, enterprise: Enterprise) -> None:
    employed(enterprise, "阿依古丽·买买提", "A", "C2")
    employed(enterprise, "没证书")
    left = make_person("走了")
    make_certificate(left, enterprise, "C1")
    page = door.get(ROSTER)
    lines = page.context["lines"]
    assert [(line.number, line.employment.person.name) for line in lines] == [
        (1, "没证书"),
        (2, "阿依古丽·买买提"),
        (0, "阿依古丽·买买提"),
    ]
    assert [line.certificate and line.certificate.category for line in lines] == [None, "A", "C2"]
    assert (page.context["people"], page.context["count"]) == (2, 2)
    assert "走了" not in str(page.content.decode())


def test_the_roster_takes_the_same_queries_for_one_three_and_more(
    door: Client, enterprise: Enterprise, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    employed(enterprise, "甲某", "C1")
    door.get(ROSTER)
    one = count_queries(lambda: door.get(ROSTER))
    for name in ("乙某", "丙某"):
        employed(enterprise, name, "A", "C2")
    assert count_queries(lambda: door.get(ROSTER)) == one
    for number in range(20):
        employed(enterprise, f"丁{chr(0x4E00 + number)}", "C1")
    assert count_queries(lambda: door.get(ROSTER)) == one


def test_employees_are_taken_masked_or_whole_and_it_is_noted(door: Client, enterprise: Enterprise) -> None:
    person = employed(enterprise, "=熊大川")
    employed(make_enterprise(), "别家")
    (_, masked), (_, whole) = (rows_of(door.post(EMPLOYED, data).content) for data in ({}, {"full": "on"}))
    assert masked[:2] == ("'=熊大川", mask_id_number(person.id_number))
    assert whole[1] == person.id_number
    entries = AuditEntry.objects.filter(action="employment.export").order_by("pk")
    assert [entry.detail["full"] for entry in entries] == [False, True]
    assert {entry.detail["count"] for entry in entries} == {1}


def test_employees_are_taken_as_filtered(door: Client, enterprise: Enterprise) -> None:
    for name in ("熊大川", "晏小雨"):
        employed(enterprise, name)
    assert [row[0] for row in rows_of(door.post(f"{EMPLOYED}?name=晏小雨").content)[1:]] == ["晏小雨"]
    assert len(rows_of(door.post(f"{EMPLOYED}?post=absurd").content)) == 3


def test_of_entries_only_present_employees_are_unmasked(door: Client, enterprise: Enterprise) -> None:
    batch, office = make_batch(), make_office()
    present, former = employed(enterprise, "熊大川"), make_person("走了")
    for person in (present, former):
        make_entry(person, enterprise, batch, office=office)
    make_entry(make_person("别家"), make_enterprise(), batch, office=office)
    rows = rows_of(door.post(ENTRIES, {"full": "on"}).content)
    assert {row[0]: row[1] for row in rows[1:]} == {
        "熊大川": present.id_number,
        "走了": mask_id_number(former.id_number),
    }
    assert AuditEntry.objects.get(action="exam_entry.export").detail["count"] == 2


@pytest.mark.parametrize("address", [EMPLOYED, ENTRIES])
def test_a_workbook_takes_the_same_queries_for_one_and_many(
    door: Client, enterprise: Enterprise, address: str, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    batch, office = make_batch(), make_office()

    def more(names: str) -> None:
        for name in names:
            make_entry(employed(enterprise, f"{name}某"), enterprise, batch, office=office)

    more("甲")
    door.post(address)
    one = count_queries(lambda: door.post(address))
    more("乙丙丁戊")
    assert count_queries(lambda: door.post(address)) == one
