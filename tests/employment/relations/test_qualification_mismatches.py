"""Qualifications that an employee has registered with another enterprise."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from employment.models import Employment
from tests.employment.pages import body
from tests.factories import (
    make_constructor,
    make_employment,
    make_enterprise,
    make_operator,
    make_person,
)

pytestmark = pytest.mark.django_db


def as_(client: Client, user: Any) -> Client:
    client.force_login(user)
    return client


def test_a_qualification_registered_elsewhere_is_told_to_the_person_and_the_enterprise(
    client: Client, employment: Employment
) -> None:
    other = make_enterprise("江西庐山市政工程有限公司")
    make_constructor(employment.person, employment.enterprise)
    make_constructor(employment.person, other, kind="site_staff", specialty="施工员")
    words = "施工现场专业人员（施工员）的注册单位是江西庐山市政工程有限公司"
    assert body(as_(client, employment.person.user).get("/person/employment/")).count("注册单位是") == 1
    assert words in body(client.get("/person/employment/"))
    assert words in body(as_(client, make_operator(employment.enterprise)).get("/enterprise/employment/"))


def test_one_that_is_over_or_not_in_force_is_not_told(client: Client, employment: Employment) -> None:
    other = make_enterprise()
    make_constructor(employment.person, other, is_in_force=False)
    make_constructor(employment.person, other, valid_to="2020-01-01")
    assert "注册单位是" not in body(as_(client, employment.person.user).get("/person/employment/"))


def test_the_enterprises_list_asks_the_same_queries_for_one_and_for_three(
    client: Client, employment: Employment, count_queries: Any
) -> None:
    door = as_(client, make_operator(employment.enterprise))
    door.get("/enterprise/employment/")
    asked = [count_queries(lambda: door.get("/enterprise/employment/"))]
    for _ in range(2):
        person = make_person()
        make_employment(person, employment.enterprise)
        make_constructor(person, make_enterprise())
    asked.append(count_queries(lambda: door.get("/enterprise/employment/")))
    assert asked[0] == asked[1]
