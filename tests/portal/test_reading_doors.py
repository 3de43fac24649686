"""Every search by name or number takes any text: it answers with rows, with none, or with a sentence."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.enums import Duty, Sphere
from accounts.models import User
from administration.enums import OfficeKind
from tests.factories import make_certificate, make_employment, make_enterprise, make_office, make_person, make_staff

pytestmark = pytest.mark.django_db
ALPHABET = (
    "王小明赣建安江西公司编号第0123456789ABCXo()（）〔﹙〈《·•—，。、'\"=%_\\`;:-+"
    "\u00ad\u200b\u200e\u2068\ufe0f\U000e0100⼩⻁㇐\u3164٣①\ue000\U000fffff\u0301\n\t\u2028😀\u0007"
)
FIXED = [
    "%",
    "_",
    "\\",
    "'",
    "_x0000_",
    "_xD800_",
    "_x005F_x0041_",
    "\u200b",
    "王\x00明",
    "٣" * 18,
    "9" * 18,
    "赣建安",
    "（" * 90,
]
BACKEND = "django.contrib.auth.backends.ModelBackend"


def odd_texts(seed: int, count: int = 25) -> list[str]:
    chance = random.Random(seed)
    return FIXED + ["".join(chance.choices(ALPHABET, k=chance.randrange(1, 30))) for _ in range(count)]


def client_of(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=BACKEND)
    return client


def encoded(name: str, text: str) -> str:
    query = QueryDict(mutable=True)
    query[name] = text
    return query.urlencode()


@pytest.fixture
def clerk() -> Client:
    person, enterprise = make_person("王小明"), make_enterprise("江西演示（集团）有限公司")
    make_employment(person, enterprise)
    make_certificate(person, enterprise)
    duties = [Duty.REVIEW, Duty.REGISTRY, Duty.COUNTER, Duty.DECIDE, Duty.ORGANISE]
    return client_of(
        make_staff(make_office("省住房和城乡建设厅", kind=OfficeKind.PROVINCIAL, region="360000"), *duties)
    )


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/office/certificates/", "q"),
        ("/office/queue/provincial/", "q"),
        ("/office/registry/accounts/person/", "q"),
        ("/office/registry/enterprises/enterprise/", "q"),
        ("/office/registry/enterprises/enterprisename/", "q"),
        ("/office/registry/certificates/certificate/", "q"),
        ("/office/registry/workflow/application/", "q"),
    ],
)
def test_office_searches_take_any_text(clerk: Client, address: str, name: str) -> None:
    statuses = {text: clerk.get(f"{address}?{encoded(name, text)}").status_code for text in odd_texts(1)}
    assert {text: status for text, status in statuses.items() if status not in (200, 302, 400, 404)} == {}
    assert clerk.get(f"{address}?{encoded(name, '小明')}").status_code in (200, 404)


def test_office_finds_by_part_of_a_name_in_any_spelling(clerk: Client) -> None:
    for text in ("小明", "王⼩", "明\u200b", "王 小"):
        assert "王小明" in clerk.get(f"/office/certificates/?{encoded('q', text)}").text
        assert "王小明" in clerk.get(f"/office/registry/accounts/person/?{encoded('q', text)}").text
    for text in ("演示(集团)", "演示〔集团〕", "⻄演示", "（集团"):
        address = f"/office/registry/enterprises/enterprise/?{encoded('q', text)}"
        assert "江西演示（集团）有限公司" in clerk.get(address).text


def test_the_public_lookup_takes_any_text(client: Client) -> None:
    client.raise_request_exception = False
    for text in odd_texts(2, count=4):
        for data in ({"number": text, "name": text}, {"by": "id", "id_number": text, "name": text}):
            assert client.post("/lookup/", data).status_code in (200, 400, 429)


@pytest.mark.parametrize("sphere", [Sphere.SECURITY_ADMIN])
def test_the_register_of_logins_takes_any_text(sphere: str) -> None:
    user = User.objects.create(login="sec-admin", sphere=sphere, name="安全")
    admin = client_of(user)
    for text in odd_texts(3):
        assert admin.get(f"/office/users/?{encoded('words', text)}").status_code in (200, 302, 400)


def test_old_licences_take_any_text(clerk: Client) -> None:
    for code in odd_texts(4, count=15):
        given: dict[str, Any] = {"code": code, "name": code, "region": "360102", "legal_representative": code}
        answer = clerk.post("/office/enterprises/old-code/", given | {"reason": code, "seen": "on"})
        assert answer.status_code in (302, 400)
