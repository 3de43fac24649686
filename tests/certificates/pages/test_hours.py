"""The person and the enterprise read the same of each term: what counts, what lacks, and until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from administration.models import Parameter
from certificates.models import Certificate
from enterprises.models import Enterprise
from tests.clock import Clock
from tests.factories import (
    make_certificate,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
    make_training,
)
from tests.workflow.browsing import words
from training.terms import terms_of_person

pytestmark = pytest.mark.django_db
Count = Callable[[Callable[[], Any]], int]
TODAY = date(2026, 11, 23)
ADDRESS = "/enterprise/training/"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.stop_on(TODAY.isoformat())


def holder(firm: Enterprise, name: str, *, ends_on: date, hours: int, category: str = "C3") -> Certificate:
    person = make_person(name)
    make_employment(person, firm, "08")
    certificate = make_certificate(person, firm, category, ends_on=ends_on)
    if hours:
        make_training(person, hours=hours, ends_on=date(2026, 5, 5))
    return certificate


@pytest.fixture
def firm() -> Enterprise:
    return make_enterprise()


@pytest.fixture
def operator(client: Client, firm: Enterprise) -> Client:
    client.force_login(make_operator(firm))
    return client


def test_the_person_reads_what_counts_what_lacks_and_until_when(client: Client, firm: Enterprise) -> None:
    certificate = holder(firm, "秦荣华", ends_on=date(2027, 1, 31), hours=15)
    make_training(certificate.person, hours=24, ends_on=date(2023, 5, 5))
    assert certificate.person.user is not None
    client.force_login(certificate.person.user)
    page = words(client.get("/person/training/"))
    assert certificate.number in page
    assert "学时不足" in page
    assert "15学时，需要24学时" in page
    assert "还差9学时" in page
    assert "2024年2月1日至2027年1月31日" in page
    assert "请在2027年1月31日前补足并申请延续；2026年10月31日起可以申请" in page
    make_training(certificate.person, hours=9, ends_on=date(2026, 6, 6))
    page = words(client.get("/person/training/"))
    assert "学时已满足" in page
    assert "还差" not in page


def test_the_enterprise_reads_the_same_of_its_people_the_first_to_end_first(operator: Client, firm: Enterprise) -> None:
    late = holder(firm, "李四", ends_on=date(2028, 3, 31), hours=0)
    soon = holder(firm, "秦荣华", ends_on=date(2027, 1, 31), hours=15)
    holder(make_enterprise(), "别人", ends_on=date(2027, 1, 31), hours=3)
    answer = operator.get(ADDRESS)
    assert [line.certificate for line in answer.context["lines"]] == [soon, late]
    page = words(answer)
    assert "15/24不足9学时" in page
    assert "别人" not in page
    (term,) = terms_of_person(soon.person_id, today=TODAY)
    assert answer.context["lines"][0].term == term, "one selector for both"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"秦荣华", "李四", "王五"}),
        ("state=missing", {"秦荣华", "李四"}),
        ("state=urgent", {"秦荣华"}),
        ("state=enough", {"王五"}),
        ("name=荣华", {"秦荣华"}),
        ("category=B", {"王五"}),
        ("state=nonsense", {"秦荣华", "李四", "王五"}),
        ("state=enough&name=李", set()),
    ],
)
def test_filters_live_in_the_address(operator: Client, firm: Enterprise, query: str, shown: set[str]) -> None:
    holder(firm, "秦荣华", ends_on=date(2027, 1, 31), hours=15)
    holder(firm, "李四", ends_on=date(2028, 3, 31), hours=0)
    holder(firm, "王五", ends_on=date(2027, 1, 31), hours=24, category="B")
    answer = operator.get(f"{ADDRESS}?{query}")
    assert {line.certificate.person.name for line in answer.context["lines"]} == shown
    figures = {label: number for label, number, _, _ in answer.context["figures"]}
    assert figures == {"证书": 3, "学时不足": 2, "不足且半年内到期": 1}, "figures count all"


def test_the_list_costs_the_same_for_one_and_many_and_is_paged(
    operator: Client, firm: Enterprise, count_queries: Count
) -> None:
    holder(firm, "秦荣华", ends_on=date(2027, 1, 31), hours=15)
    operator.get(ADDRESS)
    one = count_queries(lambda: operator.get(ADDRESS))
    for number in range(19):
        holder(firm, f"王{number}", ends_on=date(2027, 2, 28), hours=3)
    assert count_queries(lambda: operator.get(ADDRESS)) == one
    for number in range(5):
        holder(firm, f"李{number}", ends_on=date(2027, 3, 31), hours=3)
    first = operator.get(ADDRESS)
    second = operator.get(ADDRESS, {"cursor": first.context["page"].next_cursor})
    found = [line.certificate.pk for answer in (first, second) for line in answer.context["lines"]]
    assert len(found) == len(set(found)) == 25


def test_without_certificates_the_list_says_what_comes_first(operator: Client) -> None:
    assert "没有需要继续教育的证书" in words(operator.get(ADDRESS))


def test_the_guide_to_training_stands_among_the_others_and_names_the_rules_of_the_day(client: Client) -> None:
    assert 'href="/guides/training/"' in client.get("/guides/").text
    page = words(client.get("/guides/training/"))
    assert "不少于24学时" in page
    assert "网络学习每年" not in page, "what limits nothing is not named"
    for key, value in (("training_hours_per_term", 30), ("training_year_online", 8)):
        Parameter.objects.create(key=key, value=value, effective_from=TODAY, document_number="赣建办〔2026〕9号")
    page = words(client.get("/guides/training/"))
    assert "不少于30学时" in page
    assert "网络学习每年最多计入8学时" in page
