"""A table that grows with people and cases is ordered by what is unique in it only, and nothing is counted over it whole."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Sphere
from accounts.models import User
from tests.factories import make_certificate, make_enterprise, make_office, make_person

pytestmark = pytest.mark.django_db
CERTIFICATES = "/office/registry/certificates/certificate/"


@pytest.fixture
def administrator() -> Client:
    client = Client()
    user = User.objects.create(login="sysadmin", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def statement_of_the_list(client: Client, address: str, table: str) -> str:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return next(
        one["sql"] for one in captured.captured_queries if f'"{table}"' in one["sql"] and "ORDER BY" in one["sql"]
    )


def test_a_heading_orders_by_what_is_unique(administrator: Client) -> None:
    enterprise = make_enterprise()
    later, first = (make_certificate(make_person(), enterprise, category) for category in ("C2", "A"))
    assert first.number < later.number
    page = administrator.get(CERTIFICATES).content.decode()
    assert page.index(later.number) < page.index(first.number), "the list's own order is that of time"
    assert 'href="?o=0"' in page
    assert 'href="?o=5"' not in page
    assert "_facets" not in page
    page = administrator.get(f"{CERTIFICATES}?o=0").content.decode()
    assert page.index(first.number) < page.index(later.number)


@pytest.mark.parametrize("asked", ["5", "-5", "1", "99", "x", "5.1"])
def test_an_address_that_asks_for_another_order_gets_no_sort_of_the_table(administrator: Client, asked: str) -> None:
    statement = statement_of_the_list(administrator, f"{CERTIFICATES}?o={asked}", "certificates_certificate")
    order = statement.split("ORDER BY")[1]
    assert "ends_on" not in order
    assert "accounts_person" not in order


def test_an_address_that_asks_for_numbers_beside_filters_gets_none(administrator: Client) -> None:
    make_certificate(make_person(), make_enterprise(), "B")
    with CaptureQueriesContext(connection) as captured:
        assert administrator.get(f"{CERTIFICATES}?_facets=True").status_code == 200
    assert not [one["sql"] for one in captured.captured_queries if "FILTER (WHERE" in one["sql"]]


def test_a_small_table_is_ordered_by_every_column(administrator: Client) -> None:
    make_office()
    page = administrator.get("/office/registry/administration/office/").content.decode()
    assert page.count('<th scope="col" class="sortable') == 5
