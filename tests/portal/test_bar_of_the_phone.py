"""The bar at the bottom of a phone: on the phone's own pages, and on those of a person in place of the tabs where it is narrow."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import make_enterprise, make_operator, make_person

pytestmark = pytest.mark.django_db
ROOMS = ["证书", "办件", "待办", "学习", "我的"]
MARKED = {
    "/person/": "证书",
    "/person/certificates/": "证书",
    "/applications/": "办件",
    "/applications/new/": "办件",
    "/inbox/": "待办",
    "/person/training/": "学习",
    "/person/employment/": "我的",
    "/person/profile/": "我的",
    "/messages/": "我的",
}


def bar_of(page: str) -> str:
    found = re.search(r'<nav class="rooms[^>]*>(.*?)</nav>', page, re.DOTALL)
    return found[1] if found else ""


def rooms_in(bar: str) -> list[str]:
    return re.findall(r"</span>\s*<span>([^<]+)", bar)


@pytest.mark.parametrize("address", MARKED)
def test_it_stands_on_the_pages_of_a_person_and_marks_the_room(address: str) -> None:
    client = Client()
    user = make_person().user
    assert user is not None
    client.force_login(user)
    page = client.get(address).text
    bar = bar_of(page)
    assert rooms_in(bar) == ROOMS
    (marked,) = re.findall(r'aria-current="(?:page|true)">.*?</span>\s*<span>([^<]+)', bar, re.DOTALL)
    assert marked == MARKED[address]
    assert 'class="tabs"' in page, "a wide screen keeps its tabs"


def test_others_have_none() -> None:
    operator = Client()
    operator.force_login(make_operator(make_enterprise()))
    assert bar_of(operator.get("/enterprise/").text) == ""
    assert bar_of(operator.get("/messages/").text) == ""
    for address in ("/", "/login/", "/m/login/", "/lookup/"):
        assert bar_of(Client().get(address).text) == "", address
