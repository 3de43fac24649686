"""Who may speak to the interface: each refusal has its code and its sentence."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.utils import timezone

from accounts.enums import Sphere
from accounts.kiosk import authentication
from accounts.kiosk.services import forget_requests, revoke_device
from accounts.models import KioskNonce, Person, User
from administration.models import AuditEntry
from administration.throttle import Limit
from tests.clock import Clock
from tests.concurrency import at_once

from .machine import REGISTRATIONS, Machine

PING = "/api/kiosk/ping/"


def refused(answer: Any) -> tuple[int, str]:
    content = answer.json()
    assert content["message"], "a sentence for whoever stands in front of the machine"
    return answer.status_code, content["code"]


def test_a_signed_request_is_answered_without_session_or_cookie(machine: Machine) -> None:
    answer = machine.send("GET", PING)
    assert answer.status_code == 200
    assert answer.json()["office"] == {"number": machine.device.office_id, "name": "东湖区实名制登记点"}
    assert not answer.cookies
    machine.device.refresh_from_db()
    assert machine.device.last_seen_at is not None


@pytest.mark.parametrize("missing", ["X-Kiosk-Key", "X-Kiosk-Timestamp", "X-Kiosk-Nonce", "X-Kiosk-Signature"])
def test_every_header_is_needed(machine: Machine, missing: str) -> None:
    headers = machine.headers("GET", PING, b"")
    del headers[missing]
    assert refused(Client().get(PING, headers=headers)) == (401, "signature.missing")


@pytest.mark.parametrize(
    "changes",
    [
        {"key_id": "' OR 1=1"},
        {"timestamp": "soon"},
        {"timestamp": "١٢٣٤٥٦٧٨٩٠"},
        {"nonce": "short"},
        {"nonce": "x" * 65},
        {"nonce": "with blanks in the middle"},
    ],
)
def test_malformed_headers(machine: Machine, changes: dict[str, str]) -> None:
    headers = machine.headers("GET", PING, b"")
    names = {"key_id": "X-Kiosk-Key", "timestamp": "X-Kiosk-Timestamp", "nonce": "X-Kiosk-Nonce"}
    headers |= {names[name]: value for name, value in changes.items()}
    assert refused(Client().get(PING, headers=headers)) == (401, "signature.malformed")


def test_an_unknown_key(machine: Machine) -> None:
    assert refused(machine.send("GET", PING, key_id="k" + "0" * 20)) == (401, "device.unknown")


def test_the_signature_of_another_key(machine: Machine) -> None:
    machine.private = Ed25519PrivateKey.generate()
    assert refused(machine.send("GET", PING)) == (401, "signature.wrong")


@pytest.mark.parametrize("part", ["method", "path", "body", "timestamp", "nonce", "signature"])
def test_nothing_that_was_signed_can_be_changed(machine: Machine, part: str) -> None:
    body = b'{"a": 1}'
    headers = machine.headers("POST", REGISTRATIONS, body)
    method, path = "POST", REGISTRATIONS
    if part == "method":
        method = "PUT"
    elif part == "path":
        path += "?x=1"
    elif part == "body":
        body = b'{"a": 2}'
    elif part == "timestamp":
        headers["X-Kiosk-Timestamp"] = str(int(headers["X-Kiosk-Timestamp"]) + 1)
    elif part == "nonce":
        headers["X-Kiosk-Nonce"] = "0" * 32
    else:
        headers["X-Kiosk-Signature"] = "not base64!"
    answer = Client().generic(method, path, body, content_type="application/json", headers=headers)
    assert refused(answer) == (401, "signature.wrong")


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_clock_that_is_wrong_is_told_the_time(machine: Machine, clock: Clock, seconds: int) -> None:
    clock.stop_at(timezone.now())
    answer = machine.send("GET", PING, timestamp=str(int(time.time()) + seconds))
    assert refused(answer) == (401, "signature.clock")
    assert abs(answer.json()["server_time"] - time.time()) < 60
    assert "校准" in answer.json()["message"]


def test_a_request_counts_once(machine: Machine) -> None:
    headers = machine.headers("GET", PING, b"")
    assert Client().get(PING, headers=headers).status_code == 200
    assert refused(Client().get(PING, headers=headers)) == (409, "signature.replayed")


@pytest.mark.django_db(transaction=True)
def test_ten_copies_at_once_count_once() -> None:
    machine = Machine()
    headers = machine.headers("GET", PING, b"")
    answers = at_once([lambda: Client().get(PING, headers=headers).status_code] * 10)
    assert sorted(map(str, answers)) == ["200"] + ["409"] * 9


def test_nonces_are_forgotten_when_the_clock_refuses_them_anyway(machine: Machine) -> None:
    machine.send("GET", PING)
    assert forget_requests(now=timezone.now()) == 0
    KioskNonce.objects.update(seen_at=timezone.now() - timedelta(days=2))
    assert forget_requests(now=timezone.now()) == 1


def test_a_revoked_machine(machine: Machine) -> None:
    admin = User.objects.create(login="sysadmin", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员")
    revoke_device(machine.device, by=admin, now=timezone.now())
    assert refused(machine.register()) == (403, "device.revoked")
    assert not Person.objects.exists()
    assert AuditEntry.objects.filter(action="revoke_kiosk", actor_id=admin.pk).count() == 1
    assert AuditEntry.objects.get(action="kiosk_refused").detail["code"] == "device.revoked"


def test_an_expired_key(machine: Machine) -> None:
    type(machine.device).objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert refused(machine.register()) == (403, "device.expired")
    type(machine.device).objects.update(valid_until=timezone.localdate())
    assert machine.register().status_code == 201


def test_an_office_that_has_closed(machine: Machine) -> None:
    machine.device.office.is_active = False
    machine.device.office.save()
    assert refused(machine.register()) == (403, "device.office_closed")


def test_another_office_than_the_machines_own(machine: Machine) -> None:
    answer = machine.post(machine.body() | {"office": machine.device.office_id + 1})
    assert refused(answer) == (403, "device.wrong_office")
    assert answer.json()["office"] == "东湖区实名制登记点"
    assert not Person.objects.exists()


@pytest.mark.usefixtures("fresh_windows")
def test_one_machine_is_slowed_down_alone(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "REQUESTS", Limit("kiosk", 2))
    assert [machine.send("GET", PING).status_code for _ in range(2)] == [200, 200]
    answer = machine.send("GET", PING)
    assert refused(answer) == (429, "request.too_many")
    assert int(answer["Retry-After"]) == answer.json()["retry_after"] > 0


@pytest.mark.usefixtures("fresh_windows")
def test_who_only_guesses_is_soon_not_listened_to(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "REFUSALS", Limit("kiosk_refused", 2))
    guesses = [refused(machine.send("GET", PING, key_id=f"k{number:020x}")) for number in range(3)]
    assert guesses == [(401, "device.unknown"), (401, "device.unknown"), (429, "request.too_many")]
    assert machine.send("GET", PING).status_code == 200, "a machine at the same address is not disturbed"


def test_methods_and_addresses_are_told_in_json(machine: Machine) -> None:
    assert refused(machine.send("POST", PING)) == (405, "request.method")
    assert refused(machine.send("GET", REGISTRATIONS)) == (405, "request.method")
    assert refused(Client().get("/api/kiosk/persons/")) == (404, "request.address")
    assert refused(Client(enforce_csrf_checks=True).post("/api/kiosk/persons/")) == (404, "request.address")


def test_a_body_that_is_too_large(machine: Machine) -> None:
    answer = Client().generic("POST", REGISTRATIONS, b"x" * (6 * 1024 * 1024 + 1), content_type="application/json")
    assert refused(answer) == (413, "request.too_large")
