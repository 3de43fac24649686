"""Every address says who may enter, and refuses strangers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access.decorators import Access
from accounts.enums import Sphere
from accounts.models import User
from tests.factories import make_enterprise, make_office, make_operator, make_person, make_staff

REGISTRY = "office/registry/"
"""A Django admin site with a guard of its own: tested in tests/portal."""
OPEN = {"healthz", "readyz"}
SAMPLES = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if route.startswith(REGISTRY):
            continue
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        else:
            yield route, entry


ALL = dict(addresses())


def access_of(pattern: URLPattern) -> Access | None:
    answer: Access | None = getattr(pattern.callback, "access", None)
    return answer


def sample(route: str) -> str:
    """The route with made-up arguments."""
    parts = []
    for part in route.split("/"):
        if part.startswith("<"):
            kind, _, _ = part.strip("<>").rpartition(":")
            parts.append(SAMPLES.get(kind, "x"))
        else:
            parts.append(part)
    return "/" + "/".join(parts)


def closed_addresses() -> list[str]:
    return [route for route, pattern in ALL.items() if (access := access_of(pattern)) and not access.is_public]


@pytest.mark.parametrize("route", sorted(ALL))
def test_every_address_declares_who_may_enter(route: str) -> None:
    assert route in OPEN or access_of(ALL[route]) is not None


def test_addresses_without_a_rule_are_there_and_have_none() -> None:
    assert [route for route in OPEN if route not in ALL or access_of(ALL[route]) is not None] == []


@pytest.mark.django_db
@pytest.mark.parametrize("route", closed_addresses())
def test_a_closed_address_sends_strangers_to_a_login(client: Client, route: str) -> None:
    access = access_of(ALL[route])
    for answer in (client.get(sample(route)), client.post(sample(route))):
        if access is not None and access.is_for_devices:
            assert (answer.status_code, answer.json()["code"]) == (401, "signature.missing")
            continue
        assert answer.status_code in (302, 403, 405), answer.status_code
        if answer.status_code == 302:
            assert "/login/" in answer["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("sphere", list(Sphere))
def test_nobody_enters_the_pages_of_another_sphere(client: Client, sphere: Sphere) -> None:
    users = {
        Sphere.PERSON: lambda: make_person().user,
        Sphere.OPERATOR: lambda: make_operator(make_enterprise()),
        Sphere.STAFF: lambda: make_staff(make_office()),
    }
    user = users.get(sphere, lambda: User.objects.create(login=f"{sphere}-1", sphere=sphere, name="管理员"))()
    assert user is not None
    client.force_login(user)
    for route in closed_addresses():
        access = access_of(ALL[route])
        if access is not None and access.why_not(user):
            refused = (401,) if access.is_for_devices else (403, 405)
            assert client.get(sample(route)).status_code in refused, route
