"""Control characters in every field, query, path, header and file name of every address: refused, and never an error.

`tests/common/web/test_control_characters.py` has the addresses for strangers; here they are for who has logged in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.fixtures import Settings

from accounts.enums import Sphere
from accounts.models import User
from administration.models import AuditEntry
from common.web.control_characters import IN_TEXT, _any, address_has_control_characters
from tests.factories import PASSWORD, make_enterprise, make_office, make_operator, make_person, make_staff
from tests.guards.test_addresses import ALL, OPEN, REGISTRY, access_of, sample

pytestmark = pytest.mark.django_db
CHARACTERS = ("\0", "\x01", "\x0b", "\x1b", "\x1f")
SENTENCE = "看不见的控制字符"
USERS: dict[str, Callable[[], AbstractBaseUser | None]] = {
    "person": lambda: make_person().user,
    "operator": lambda: make_operator(make_enterprise()),
    "staff": lambda: make_staff(make_office()),
    "admin": lambda: User.objects.create(login="sysadmin-1", sphere=Sphere.SYSTEM_ADMIN, name="管理员"),
}


def registry_addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Those of the admin site, with made-up arguments."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from registry_addresses(entry, route)
        elif isinstance(entry, URLPattern) and route.startswith(REGISTRY):
            yield "/" + re.sub(r"\(\?P<.*|<[^>]*>", "1", route).rstrip("$")


OTHERS = sorted(sample(route) for route in ALL if route not in OPEN and not route.startswith("api/"))
"""The probes take no forms."""
ADDRESSES = [*OTHERS, *sorted(set(registry_addresses()))]


def fields_of_all_forms() -> set[str]:
    """As declared anywhere in the portal: the imports of all addresses have loaded every form."""
    names: set[str] = set()
    pending: list[type[BaseForm]] = [BaseForm]
    while pending:
        form = pending.pop()
        pending += form.__subclasses__()
        names |= set(getattr(form, "base_fields", {}))
    return names | {field.name for model in apps.get_models() for field in model._meta.get_fields()}


def is_refused(answer: object) -> bool:
    return answer.status_code == 400 and SENTENCE in answer.text


def test_the_addresses_are_all_there() -> None:
    assert len(ADDRESSES) > 150
    assert any(address.startswith(f"/{REGISTRY}") for address in ADDRESSES)
    assert {"id_number", "number", "reason", "note"} <= fields_of_all_forms()


@pytest.mark.parametrize("kind", USERS)
def test_no_address_takes_one_from_who_has_logged_in(kind: str) -> None:
    client = Client()
    client.force_login(USERS[kind]())
    for at, address in enumerate(ADDRESSES):
        character = CHARACTERS[at % len(CHARACTERS)]
        code = f"%{ord(character):02x}"
        attempts = [
            client.post(address, {"a": f"x{character}y"}),
            client.post(address, {f"a{character}b": "x"}),
            client.get(f"{address}?q=x{code}y"),
            client.get(f"{address}?a{code}b=x"),
            client.get(f"{address.rstrip('/')}{code}/"),
        ]
        assert [is_refused(answer) for answer in attempts] == [True] * 5, (address, attempts)


def test_no_field_of_any_form_takes_one() -> None:
    client = Client()
    client.force_login(make_person().user)
    for at, name in enumerate(sorted(fields_of_all_forms())):
        character = CHARACTERS[at % len(CHARACTERS)]
        assert is_refused(client.post("/person/profile/", {name: f"x{character}"})), (name, character)
        assert is_refused(client.get("/person/profile/", {name: f"x{character}"})), (name, character)


def test_every_character_is_found_in_every_field(rf: RequestFactory) -> None:
    """The page of the refusal is the same for all of them, so it is not drawn for each."""
    for name, character in product(sorted(fields_of_all_forms()), CHARACTERS):
        assert _any(rf.post("/person/profile/", {name: f"x{character}"}).POST, IN_TEXT), (name, character)
        assert address_has_control_characters(rf.get("/person/profile/", {name: f"x{character}"})), (name, character)


@pytest.mark.parametrize("character", CHARACTERS)
def test_urlencoded_and_multipart_are_alike(client: Client, character: str) -> None:
    plain = client.post("/lookup/", f"number=1%{ord(character):02x}", content_type="application/x-www-form-urlencoded")
    assert is_refused(plain)
    assert is_refused(client.post("/lookup/", {"number": f"1{character}", "file": SimpleUploadedFile("a", b"x")}))


@pytest.mark.parametrize("character", CHARACTERS)
def test_one_in_a_file_name_or_its_type_does_no_harm(client: Client, character: str) -> None:
    client.force_login(make_person(photo=False).user)
    for name in (f"a{character}b.jpg", character, f"../{character}"):
        for address in ("/person/photo/", "/verify/", "/person/certificates/elsewhere/new/"):
            for field in ("photo", "file", "scan"):
                upload = SimpleUploadedFile("x", b"text", content_type=f"image/{character}")
                upload._name = name  # type: ignore[attr-defined]
                assert client.post(address, {field: upload}).status_code in (200, 302, 400)


@pytest.mark.parametrize("character", CHARACTERS)
@pytest.mark.parametrize(
    "name", ["User-Agent", "Referer", "X-Forwarded-For", "X-Request-ID", "Accept-Language", "Cookie"]
)
def test_one_in_a_header_is_never_stored(client: Client, settings: Settings, name: str, character: str) -> None:
    settings.TRUSTED_PROXIES = 1
    person = make_person()
    for value in (f"203.0.113.9{character}", f"{character}", f"sessionid={character}"):
        for data in ({"password": "falsch-2026"}, {"password": PASSWORD}):
            answer = client.post("/login/", data | {"id_number": person.id_number}, headers={name: value})
            assert answer.status_code < 500
        assert client.get("/person/", headers={name: value}).status_code < 500
    assert not any(character in str(entry.address) + str(entry.detail) for entry in AuditEntry.objects.all())


def test_addresses_that_need_no_login_are_public_by_declaration() -> None:
    """Else this file would not see them: devices sign their requests, and tests/accounts/kiosk sends them such texts."""
    assert {
        route.split("/")[0] for route, pattern in ALL.items() if (a := access_of(pattern)) and a.is_for_devices
    } == {"api"}
