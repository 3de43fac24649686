"""我的办件 of an enterprise names the person of every case and finds cases by name and number."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Person
from tests.workflow.browsing import browser
from tests.worlds.extension import ExtensionWorld

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
ADDRESS = "/enterprise/applications/"


@pytest.fixture
def worlds() -> list[ExtensionWorld]:
    first = ExtensionWorld()
    found = [first, ExtensionWorld(first.province, (first.enterprise, first.operator))]
    for world, name in zip(found, ("欧阳·䶮", "赵𠮷"), strict=True):
        Person.objects.filter(pk=world.person.pk).update(name=name)
        world.person.refresh_from_db()
    return found


@pytest.fixture
def numbers(worlds: list[ExtensionWorld]) -> list[str]:
    return [world.file().number for world in worlds]


@pytest.fixture
def clerk(worlds: list[ExtensionWorld]) -> Client:
    return browser(worlds[0].operator)


def shown(client: Client, query: str = "") -> list[str]:
    return [row.number for row in client.get(f"{ADDRESS}{query}").context["rows"]]


def test_each_case_names_its_person(clerk: Client, numbers: list[str]) -> None:
    page = clerk.get(ADDRESS).text
    assert '<span class="name">欧阳·䶮</span>' in page
    assert '<span class="name">赵𠮷</span>' in page


def test_cases_are_found_by_part_of_a_name_and_of_a_number(clerk: Client, numbers: list[str]) -> None:
    first, second = numbers
    assert shown(clerk) == [second, first]
    assert shown(clerk, "?q=䶮") == [first]
    assert shown(clerk, "?q=𠮷") == [second]
    assert shown(clerk, f"?q={first}") == [first]
    assert shown(clerk, f"?q=%20{second[-6:]}%20") == [second]
    assert shown(clerk, "?q=䶮&kind=correction") == []
    answer = clerk.get(f"{ADDRESS}?q=无此人")
    assert "没有符合条件的办件" in answer.text
    assert 'value="无此人"' in answer.text


def test_cases_of_others_are_not_found(worlds: list[ExtensionWorld], clerk: Client) -> None:
    elsewhere = ExtensionWorld(worlds[0].province)
    number = elsewhere.file().number
    assert shown(clerk, f"?q={number}") == []
    assert shown(clerk, f"?q={elsewhere.person.name}") == []


def test_a_search_costs_the_same_however_many_it_finds(
    clerk: Client, worlds: list[ExtensionWorld], count_queries: Callable[[Callable[[], object]], int]
) -> None:
    worlds[0].file()
    clerk.get(f"{ADDRESS}?q=2026")
    one = count_queries(lambda: clerk.get(f"{ADDRESS}?q=2026"))
    worlds[1].file()
    assert len(shown(clerk, "?q=2026")) == 2
    assert count_queries(lambda: clerk.get(f"{ADDRESS}?q=2026")) == one


def test_a_person_is_asked_for_no_name(worlds: list[ExtensionWorld], numbers: list[str]) -> None:
    page = browser(worlds[0].person_user).get("/applications/").text
    assert "姓名或办件编号" not in page
    assert numbers[0] in page
