"""The description is a valid OpenAPI document, and the interface does what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.kiosk import urls
from accounts.kiosk.fields import CARD, TOP
from accounts.kiosk.refusals import CODES
from accounts.models import KioskDevice

from .machine import REGISTRATIONS, Machine
from .schema import problems, resolve

ADDRESS = "/api/kiosk/openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    answer = Client().get(ADDRESS)
    assert answer["Content-Type"] == "application/json"
    content: dict[str, Any] = answer.json()
    return content


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method, operation


def schemas_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for child in node.values():
            yield from schemas_in(child)
    elif isinstance(node, list):
        for child in node:
            yield from schemas_in(child)


def test_the_document_has_the_form_of_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert set(document) <= {"openapi", "info", "servers", "security", "paths", "components"}
    assert set(document["info"]) >= {"title", "version"}
    assert {name for needed in document["security"] for name in needed} == set(
        document["components"]["securitySchemes"]
    )
    for scheme in document["components"]["securitySchemes"].values():
        assert (scheme["type"], scheme["in"]) == ("apiKey", "header")
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)
    for path, method, operation in operations(document):
        assert method in {"get", "post"}
        declared = {each["name"] for each in document["paths"][path].get("parameters", [])}
        assert declared == set(re.findall(r"\{(\w+)\}", path))
        assert operation["responses"]
        for status, answer in operation["responses"].items():
            assert re.fullmatch(r"[1-5][0-9]{2}", status)
            assert answer["description"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(schemas_in(document))
    assert references
    assert all(resolve(reference, document) for reference in references)
    assert {reference.rpartition("/")[2] for reference in references} == set(document["components"]["schemas"])


def test_every_address_is_described(document: dict[str, Any]) -> None:
    served = {
        "/api/kiosk/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
        for pattern in urls.urlpatterns
        if pattern.name not in {"kiosk_openapi", "kiosk_unknown"}
    }
    assert set(document["paths"]) == served
    assert get_resolver().resolve("/api/kiosk/ping/").view_name == "accounts:kiosk_ping"


def test_every_refusal_is_described(document: dict[str, Any]) -> None:
    described: set[str] = set()
    for _, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            codes = set(re.findall(r"^`([a-z_.]+)`", answer["description"], re.MULTILINE))
            assert all(CODES[code][0] == int(status) for code in codes)
            described |= codes
    assert described | {"request.address"} == set(CODES)


def conforms(document: dict[str, Any], path: str, method: str, answer: Any) -> None:
    described = document["paths"][path][method]["responses"][str(answer.status_code)]
    ((kind, content),) = described["content"].items()
    assert answer["Content-Type"] == kind
    if kind == "application/json":
        assert list(problems(answer.json(), content["schema"], document)) == []


@pytest.mark.django_db
def test_requests_and_answers_conform(document: dict[str, Any]) -> None:
    machine = Machine()
    body = machine.body(valid_to=None)
    assert list(problems(body, document["components"]["schemas"]["RegistrationRequest"], document)) == []
    card = body["card"]
    one = "/api/kiosk/registrations/{request_id}/"
    address = f"{REGISTRATIONS}{body['request_id']}/"
    sent = [
        ("/api/kiosk/ping/", "get", machine.send("GET", "/api/kiosk/ping/")),
        (REGISTRATIONS, "post", machine.post(body)),
        (REGISTRATIONS, "post", machine.post(machine.body() | {"card": card})),
        (REGISTRATIONS, "post", machine.post(machine.body() | {"card": card | {"name": "李大明"}})),
        (REGISTRATIONS, "post", machine.post(body | {"portrait": "!"})),
        (
            REGISTRATIONS,
            "post",
            machine.post(machine.body() | {"card": card | {"sex": "female", "birth_date": "2000-01-01"}}),
        ),
        (REGISTRATIONS, "post", machine.post(body | {"office": 10**9})),
        (REGISTRATIONS, "post", machine.send("POST", REGISTRATIONS, b"{")),
        (REGISTRATIONS, "post", machine.send("POST", REGISTRATIONS, json.dumps(body).encode(), timestamp="1000000000")),
        (one, "get", machine.send("GET", address)),
        (f"{one}receipt.pdf", "get", machine.send("GET", f"{address}receipt.pdf")),
        (f"{one}printed/", "post", machine.send("POST", f"{address}printed/")),
        (f"{one}receipt.pdf", "get", machine.send("GET", f"{address}receipt.pdf")),
        (one, "get", machine.send("GET", f"{REGISTRATIONS}00000000-0000-0000-0000-000000000000/")),
    ]
    KioskDevice.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    sent.append(("/api/kiosk/ping/", "get", machine.send("GET", "/api/kiosk/ping/")))
    assert [answer.status_code for _, _, answer in sent] == [
        200, 201, 200, 202, 400, 422, 403, 400, 401, 200, 200, 200, 410, 404, 403,
    ]  # fmt: skip
    for path, method, answer in sent:
        conforms(document, path, method, answer)


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "value"), [("name", ""), ("name", 5), ("sex", "男"), ("birth_date", "2019/4/1"),
                                              ("valid_from", None), ("address", "x" * 201), ("id_number", [])])  # fmt: skip
def test_what_the_description_refuses_is_refused(document: dict[str, Any], field: str, value: Any) -> None:
    machine = Machine()
    body = machine.body()
    body["card"][field] = value
    assert list(problems(body, document["components"]["schemas"]["RegistrationRequest"], document))
    assert machine.post(body).status_code == 400


def test_the_examples_are_valid(document: dict[str, Any]) -> None:
    for field in (*TOP, *CARD):
        for example in field.schema.get("examples", ()):
            assert list(problems(example, dict(field.schema), document)) == []
            field.read(example)
