"""The SMS service reports what became of a message: signed, once, and never in words of its own."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import pytest
from django.test import Client

from administration.models import Delivery
from administration.outbox.sending import send_due
from administration.outbox.signing import CLOCKS_APART, signed_headers
from administration.throttle import Limit
from devtools.demo_servers.sms_service import KEY, SECRET
from portal.outbox import receipts
from tests.administration.outbox.reached import NOON, PHONE, contact, sms_service

pytestmark = pytest.mark.django_db
ADDRESS = "/api/sms/receipts/"


@pytest.fixture
def sent(settings: Any) -> Delivery:
    settings.SMS_KEY, settings.SMS_SECRET = KEY, SECRET
    return Delivery.objects.create(
        contact=contact(), event="account", channel="sms", address=PHONE, state="sent", sent_at=NOON, attempts=1
    )


def report(*lines: dict[str, Any], key: str = KEY, secret: str = SECRET, at: float | None = None) -> Any:
    return post(json.dumps({"receipts": list(lines)}).encode(), key=key, secret=secret, at=at)


def post(body: bytes, *, key: str = KEY, secret: str = SECRET, at: float | None = None) -> Any:
    headers = signed_headers(key, secret, body, at=at)
    return Client(enforce_csrf_checks=True).post(ADDRESS, body, content_type="application/json", headers=headers)


def test_a_receipt_is_kept_and_one_that_comes_twice_changes_nothing(sent: Delivery) -> None:
    line = {"id": str(sent.key), "state": "delivered"}
    assert report(line).json() == {"taken": 1}
    assert report({**line, "state": "undelivered", "code": "MK:0001"}).json() == {"taken": 0}
    sent.refresh_from_db()
    assert (sent.receipt, sent.receipt_code, sent.state) == ("delivered", "", "sent")


def test_what_is_unknown_is_passed_over(sent: Delivery) -> None:
    known = {"id": str(sent.key), "state": "undelivered", "code": "MK:0001"}
    assert report({"id": str(uuid.uuid4()), "state": "delivered"}, known).json() == {"taken": 1}
    sent.refresh_from_db()
    assert (sent.receipt, sent.receipt_code) == ("undelivered", "MK:0001")


def test_a_code_is_no_place_for_a_number(sent: Delivery) -> None:
    report({"id": str(sent.key), "state": "undelivered", "code": PHONE})
    sent.refresh_from_db()
    assert sent.receipt_code == ""


@pytest.mark.parametrize(
    "wrong", [{"secret": "another"}, {"key": "another"}, {"at": time.time() - CLOCKS_APART - 5}, {"at": 4102444800}]
)
def test_what_is_signed_wrongly_or_at_another_time_is_refused(sent: Delivery, wrong: dict[str, Any]) -> None:
    answer = report({"id": str(sent.key), "state": "delivered"}, **wrong)
    assert (answer.status_code, answer.json()) == (403, {"code": "signature.wrong"})
    sent.refresh_from_db()
    assert sent.receipt == ""


def test_without_a_secret_nothing_is_taken(sent: Delivery, settings: Any) -> None:
    settings.SMS_SECRET = ""
    assert report({"id": str(sent.key), "state": "delivered"}, secret="").status_code == 403


@pytest.mark.usefixtures("fresh_windows")
def test_whoever_guesses_is_not_read_any_more(sent: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "REFUSALS", Limit("sms_receipts_refused", 2))
    assert [report(secret="another").status_code for _ in range(3)] == [403, 403, 429]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"receipts": 1}', b'{"receipts": [{}]}', b'{"receipts": [{"id": "1", "state": "delivered"}]}',
     b"\xff", b"[" * 20000],
)  # fmt: skip
def test_another_form_is_told(sent: Delivery, body: bytes) -> None:
    assert post(body).status_code == 400


def test_a_state_that_is_not_known_is_told_and_nothing_of_the_report_is_kept(sent: Delivery) -> None:
    line = {"id": str(sent.key), "state": "delivered"}
    assert report(line, {"id": str(uuid.uuid4()), "state": "perhaps"}).status_code == 400
    sent.refresh_from_db()
    assert sent.receipt == ""


def test_a_receipt_of_a_lost_answer_ends_the_tries(sent: Delivery, settings: Any) -> None:
    Delivery.objects.filter(pk=sent.pk).update(state="waiting", sent_at=None, due_at=NOON)
    assert report({"id": str(sent.key), "state": "delivered"}).json() == {"taken": 1}
    with sms_service(settings) as service:
        assert send_due(now=NOON) == 0
    assert service.asked == 0
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_form_is_no_report(sent: Delivery) -> None:
    answer = Client().post(ADDRESS, {"receipts": "1"})
    assert (answer.status_code, answer.json()) == (400, {"code": "request.not_json"})


def test_a_browser_finds_no_page_there() -> None:
    assert Client().get(ADDRESS).status_code == 405
