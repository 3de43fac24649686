"""What a stranger or a colleague may write into addresses, headers and fields: never followed, believed, run or answered with 500."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils.http import urlencode
from pytest_django.fixtures import Settings

from accounts.models import Person
from administration.models import AuditEntry
from common.operation.logging import JsonFormatter
from tests.attack.conftest import HOSTILE_TEXTS
from tests.factories import PASSWORD, make_office, make_person, make_staff
from tests.guards.test_addresses import ALL, access_of, sample

pytestmark = pytest.mark.django_db

# --- open redirects ---

ELSEWHERE = [
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\\/evil.example/",
    "/\t/evil.example/",
    "/%09/evil.example/",
    "/\n/evil.example/",
    "/\r\n/evil.example/",
    " //evil.example/",
    "\x00//evil.example/",
    "https://evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example/",
    "https://testserver@evil.example/",
    "//testserver@evil.example/",
    "https://evil.example#@testserver/",
    "https://evil.example\\@testserver/",
    "//evil.example:443/",
    "//[::1]/",
    "／／evil.example/",
    "/／evil.example/",
    "//ｅvil.example/",
    "//evil。example/",
    "/\u2028/evil.example/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "blob:https://evil.example/1",
    "mailto:a@evil.example",
    "?next=//evil.example",
    "evil.example/",
    "../../evil",
    "/person/\r\nSet-Cookie: a=b",
]


def stays_here(location: str) -> bool:
    """As a browser reads it: blanks and control characters are dropped, backslashes are slashes."""
    read = "".join(letter for letter in location if letter > " ").replace("\\", "/")
    return read.startswith("/") and not read.startswith("//")


@pytest.mark.parametrize("address", ELSEWHERE)
def test_login_never_leads_elsewhere(client: Client, address: str) -> None:
    person = make_person()
    data = {"id_number": person.id_number, "password": PASSWORD, "next": address}
    for target in ("/login/", "/m/login/"):
        answer = client.post(f"{target}?{urlencode({'next': address})}", data)
        assert answer.status_code in (302, 400)
        if answer.status_code == 302:
            assert stays_here(answer.url), answer.url
        client.post("/logout/")


PAGES_WITH_NEXT = [
    "/login/",
    "/m/login/",
    "/m/login/face/",
    "/m/reset/",
    "/office/login/",
    "/enterprise/login/",
    "/resume/",
    "/m/verify/",
    "/security/totp/",
]


@pytest.mark.parametrize("route", PAGES_WITH_NEXT)
def test_page_offers_no_address_elsewhere(client: Client, route: str) -> None:
    client.force_login(make_person().user)
    for browser in (Client(), client):
        for address in ELSEWHERE:
            answer = browser.get(f"{route}?{urlencode({'next': address})}")
            assert answer.status_code < 500
            if answer.status_code == 302:
                assert stays_here(answer.url), answer.url
            else:
                assert 'value="//' not in answer.text
                assert 'href="javascript' not in answer.text.lower()


# --- headers ---

SPOOFED = {
    "X-Forwarded-For": "198.51.100.7",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Server": "evil.example",
    "X-Real-IP": "198.51.100.7",
    "X-Client-IP": "198.51.100.7",
    "X-Cluster-Client-IP": "198.51.100.7",
    "True-Client-IP": "198.51.100.7",
    "CF-Connecting-IP": "198.51.100.7",
    "Forwarded": "for=198.51.100.7;host=evil.example;proto=https",
    "X-Original-URL": "/office/audit/",
    "X-Rewrite-URL": "/office/audit/",
    "X-HTTP-Method-Override": "DELETE",
    "X-Remote-User": "secadmin",
    "Remote-User": "secadmin",
    "X-SSL-Client-Cert": "x",
    "X-SSL-Client-Verify": "SUCCESS",
    "X-Client-Cert": "x",
    "SSL-Client-Cert": "x",
}


@pytest.mark.parametrize("name", SPOOFED)
def test_header_of_a_stranger_is_not_believed(client: Client, name: str) -> None:
    plain, spoofed = client.get("/"), client.get("/", headers={name: SPOOFED[name]})
    assert (spoofed.status_code, len(spoofed.content)) == (plain.status_code, len(plain.content))
    assert "evil.example" not in spoofed.text + str(spoofed.headers)
    closed = client.get("/office/audit/", headers={name: SPOOFED[name]})
    assert closed.status_code in (302, 403)
    assert client.post("/enterprise/login/certificate/done/", headers={name: SPOOFED[name]}).status_code < 500


def test_address_of_the_client_is_the_proxys_word_whatever_is_claimed(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    person = make_person()
    for attempt in range(6):
        claimed = {**SPOOFED, "X-Forwarded-For": f"198.51.100.{attempt}, 203.0.113.9"}
        client.post("/login/", {"id_number": person.id_number, "password": "falsch-2026"}, headers=claimed)
    addresses = set(AuditEntry.objects.exclude(address=None).values_list("address", flat=True))
    assert addresses <= {"203.0.113.9"}
    answer = client.post("/login/", {"id_number": person.id_number, "password": PASSWORD}, headers=claimed)
    assert answer.status_code == 429


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver@evil.example", "testserver:1@evil", "a b", "[::1", "testserver\x00"]
)
def test_foreign_host_is_refused(client: Client, settings: Settings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.get("/login/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "name",
    [
        "x" * 12 + '","level":"ERROR',
        "a" * 9 + "\nlevel=ERROR",
        "b" * 9 + "\r\nSet-Cookie: a=b",
        "c" * 9 + "\x1b[2J",
        "d" * 9 + "é",
    ],
)
def test_identifier_of_a_request_brings_nothing_into_log_or_answer(client: Client, name: str) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": name})
    assert answer["X-Request-ID"] != name
    assert answer["X-Request-ID"].isalnum()


@pytest.mark.parametrize(
    "text", ["a\nERROR forged line", "a\r\n{}", '"}\n{"level": "ERROR', "\x1b[31mred", "\u2028line", "\x00"]
)
def test_a_line_of_the_log_stays_one_line(text: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.Logger("any")
    logger.addHandler(handler)
    logger.warning("login of %s", text)
    (line,) = stream.getvalue().split("\n")[:-1]
    assert text in json.loads(line)["message"]
    assert "\x1b" not in line


# --- text in every field that is open to strangers ---


def open_forms() -> Iterator[str]:
    for route, pattern in sorted(ALL.items()):
        access = access_of(pattern)
        if access is not None and access.is_public and not route.startswith("api/"):
            yield route


FIELDS = [
    "id_number",
    "password",
    "login",
    "code",
    "name",
    "number",
    "next",
    "challenge",
    "signature",
    "answer",
    "token",
    "q",
    "frames",
    "consent",
    "new_password1",
    "file",
]


@pytest.mark.parametrize("route", list(open_forms()))
def test_no_text_makes_an_open_page_fail_or_comes_back_alive(client: Client, route: str) -> None:
    for text in HOSTILE_TEXTS:
        data = dict.fromkeys(FIELDS, text)
        for answer in (client.post(sample(route), data), client.get(sample(route), data)):
            assert answer.status_code < 500, (text, answer.status_code)
            assert b"<script>alert(" not in b"".join(answer)
            assert b"<img src=x" not in b"".join(answer)


# --- text that others read later ---


def test_text_of_a_person_is_shown_as_text_to_everybody(client: Client) -> None:
    person = make_person()
    Person.objects.filter(pk=person.pk).update(name='"><script>alert(1)</script>')
    client.force_login(person.user)
    pages = [client.get(page).text for page in ("/person/", "/person/profile/", "/inbox/", "/messages/")]
    staff = make_staff(make_office(), name="<script>alert(1)</script>")
    client.force_login(staff)
    pages.append(client.get("/office/").text)
    assert not [page for page in pages if "<script>alert(" in page]
    assert any("&lt;script&gt;alert(1)" in page for page in pages)
