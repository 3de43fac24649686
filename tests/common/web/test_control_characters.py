"""No address and no form lets a control character through to files or the database."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.guards.test_addresses import ALL, access_of, sample

pytestmark = pytest.mark.django_db


def with_nul(route: str) -> list[str]:
    """The address once for each argument, with a NUL in that one."""
    parts = sample(route).split("/")
    declared = ("/" + route).split("/")
    places = [place for place, part in enumerate(declared) if part.startswith("<")]
    return ["/".join([*parts[:place], "%00", *parts[place + 1 :]]) for place in places]


@pytest.mark.parametrize("route", sorted(ALL))
def test_no_address_takes_a_nul(client: Client, route: str) -> None:
    for address in [
        *with_nul(route),
        f"{sample(route)}?q=%00",
        f"{sample(route)}?a%00=1",
        f"{sample(route)}?next=a%1bb",
    ]:
        answer = client.get(address)
        assert answer.status_code == 400, address
        assert "看不见的控制字符" in answer.text or answer.json()["code"] == "request.control_characters"


@pytest.mark.parametrize("route", sorted(route for route in ALL if (a := access_of(ALL[route])) and a.is_public))
@pytest.mark.parametrize("field", ["login", "id_number", "name", "number", "token", "next", "nonce"])
def test_no_public_form_takes_a_nul(client: Client, route: str, field: str) -> None:
    answer = client.post(sample(route), {field: "a\0b"})
    assert answer.status_code == 400
    assert "删除后手工重新输入" in (answer.json()["message"] if route.startswith("api/") else answer.text)


@pytest.mark.parametrize("address", ["/static/%00", "/static/a%00.css", "/%00", "/no/such/%01/"])
def test_addresses_of_nothing(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("character", ["\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x1f"])
def test_other_control_characters_are_refused_too(client: Client, character: str) -> None:
    assert client.post("/lookup/", {"number": f"1{character}", "name": "张三"}).status_code == 400


def test_lines_and_tabs_of_a_text_are_taken(client: Client) -> None:
    answer = client.post("/lookup/", {"number": "赣建安A(2019)0000001", "name": "张\t三\r\n"})
    assert "看不见的控制字符" not in answer.text


def test_a_cookie_with_a_nul_counts_as_none(client: Client) -> None:
    answer = client.get("/", headers={"Cookie": 'sessionid="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\000"'})
    assert answer.status_code == 200
