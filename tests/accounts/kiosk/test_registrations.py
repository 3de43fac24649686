"""What a registration at a machine does, and what its repetition does not."""

from __future__ import annotations

import base64
import json
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.kiosk.services import forget_passwords, forget_requests
from accounts.models import HeldCard, KioskRequest, Person, User
from accounts.people.identity import id_number_index
from accounts.registration import one_time_password_receipt
from administration.models import AuditEntry, Message, RequestCount
from tests.accounts.cards import PORTRAIT, make_card, picture
from tests.concurrency import at_once
from tests.factories import make_person

from .machine import REGISTRATIONS, Machine
from .paper import password_of, qr_of, text_of, words_of


def pdf_of(answer: Any) -> bytes:
    return base64.b64decode(answer.json()["receipt"]["pdf"])


def codes(answer: Any) -> list[str]:
    return [finding["code"] for finding in answer.json()["findings"]]


def test_a_new_person_gets_a_login_and_a_receipt(machine: Machine) -> None:
    answer = machine.register(name="欧阳·䶮")
    assert answer.status_code == 201
    person = Person.objects.get()
    assert (person.name, person.registered_at_office) == ("欧阳·䶮", machine.device.office)
    assert (person.registered_by, person.registered_by_device) == (None, machine.device)
    with person.portrait.open("rb") as stored:
        assert stored.read().startswith(b"\xff\xd8\xff")
    pdf = pdf_of(answer)
    text = text_of(pdf)
    assert "欧阳·䶮" in text
    assert "东湖区实名制登记点" in text
    assert person.id_number not in text
    password = password_of(pdf)
    assert password is not None
    assert person.user is not None
    assert person.user.check_password(password)
    assert person.user.must_change_password
    assert qr_of(pdf) == "http://testserver/login/"
    entry = AuditEntry.objects.get(action="register_person")
    assert (entry.actor_id, entry.actor_name, entry.sphere) == (None, "东湖区政务大厅1号机", "kiosk")
    assert entry.detail["device"] == machine.device.pk


def test_the_password_of_the_receipt_opens_the_portal(machine: Machine) -> None:
    body = machine.body()
    password = password_of(pdf_of(machine.post(body)))
    answer = Client().post("/login/", {"id_number": body["card"]["id_number"], "password": password})
    assert answer.url == "/password/"


def test_a_known_number_is_updated_and_never_doubled(machine: Machine) -> None:
    body = machine.body()
    machine.post(body)
    card = body["card"] | {"address": "江西省九江市浔阳区演示路9号", "valid_to": None}
    again = machine.post(machine.body() | {"card": card})
    assert (again.status_code, again.json()["outcome"]) == (200, "updated")
    person = Person.objects.get()
    assert (person.address, person.card_valid_to) == ("江西省九江市浔阳区演示路9号", None)
    assert password_of(pdf_of(again)) is None
    assert "原账号和密码不变" in words_of(pdf_of(again))


def test_fifteen_digits_are_the_same_person(machine: Machine) -> None:
    body = machine.body()
    machine.post(body)
    number = body["card"]["id_number"]
    old = body["card"] | {"id_number": number[:6] + number[8:17]}
    assert machine.post(machine.body() | {"card": old}).json()["outcome"] == "updated"
    assert Person.objects.count() == 1


def test_a_repetition_gets_the_first_answer(machine: Machine) -> None:
    body = machine.body()
    first, second = machine.post(body), machine.post(body)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json(), "the receipt too, to the byte"
    assert "X-Kiosk-Repeated" not in first
    assert second["X-Kiosk-Repeated"] == "true"
    assert AuditEntry.objects.filter(action="register_person").count() == 1
    assert not AuditEntry.objects.filter(action="update_card").exists()


def test_a_request_id_belongs_to_one_content(machine: Machine) -> None:
    body = machine.body()
    machine.post(body)
    other = machine.post(machine.body(request_id=body["request_id"]))
    assert (other.status_code, other.json()["code"]) == (409, "request.reused")
    assert Person.objects.count() == 1


def test_a_refused_request_may_come_corrected_under_its_id(machine: Machine) -> None:
    body = machine.body()
    wrong = body | {"card": body["card"] | {"birth_date": "1990-03-08"}}
    assert machine.post(wrong).status_code == 422
    assert not KioskRequest.objects.exists()
    assert machine.post(body).status_code == 201


def test_another_machine_knows_nothing_of_the_request(machine: Machine) -> None:
    body = machine.body()
    machine.post(body)
    machine.device.office.name = "另一登记点"
    machine.device.office.save()
    address = f"{REGISTRATIONS}{body['request_id']}/"
    other = Machine()
    for method, path in (("GET", address), ("GET", f"{address}receipt.pdf"), ("POST", f"{address}printed/")):
        answer = other.send(method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "request.unknown")


def test_status_receipt_and_confirmation(machine: Machine) -> None:
    body = machine.body()
    first = machine.post(body)
    address = f"{REGISTRATIONS}{body['request_id']}/"
    receipt = machine.send("GET", first.json()["receipt"]["address"])
    assert receipt["Content-Type"] == "application/pdf"
    assert receipt["Cache-Control"] == "no-store"
    assert receipt.content == pdf_of(first)
    status = machine.send("GET", address).json()
    assert (status["outcome"], status["needs_clerk"], status["receipt"]["pdf"]) == ("registered", False, None)
    confirmed = machine.send("POST", f"{address}printed/").json()
    assert confirmed["receipt"]["is_printed"]
    row = KioskRequest.objects.get()
    assert (row.password, row.receipt_until) == ("", None)
    gone = machine.send("GET", f"{address}receipt.pdf")
    assert (gone.status_code, gone.json()["code"]) == (410, "receipt.gone")
    again = machine.post(body)
    assert (again.status_code, again.json()["receipt"]["pdf"]) == (201, None)


def test_the_password_is_encrypted_and_soon_forgotten(machine: Machine) -> None:
    body = machine.body()
    password = password_of(pdf_of(machine.post(body)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_kioskrequest")
        row = str(cursor.fetchall())
    assert str(password) not in row
    assert body["card"]["id_number"] not in row
    later = timezone.now() + one_time_password_receipt.KEPT_FOR + timedelta(seconds=1)
    KioskRequest.objects.update(receipt_until=timezone.now() - timedelta(seconds=1))
    assert machine.post(body).json()["receipt"]["pdf"] is None, "before the job has run, too"
    assert forget_passwords(now=later) == 1
    assert KioskRequest.objects.get().password == ""
    KioskRequest.objects.update(received_at=timezone.now() - timedelta(days=200))
    assert forget_requests(now=timezone.now()) == 1


def test_a_changed_name_is_left_for_a_clerk_and_both_are_told(machine: Machine) -> None:
    body = machine.body()
    machine.post(body)
    before = Person.objects.get()
    other = body["card"] | {"name": "李大明", "address": "江西省吉安市吉州区演示路5号"}
    answer = machine.post(machine.body(portrait=picture(200, 300)) | {"card": other})
    assert (answer.status_code, answer.json()["outcome"], answer.json()["needs_clerk"]) == (202, "held", True)
    assert codes(answer) == ["person.quarantined"]
    pdf = pdf_of(answer)
    assert password_of(pdf) is None
    assert "李大明" in text_of(pdf)
    assert "已转人工核实" in words_of(pdf)
    assert "张小明" not in text_of(pdf) + json.dumps(answer.json(), ensure_ascii=False)
    person = Person.objects.get()
    assert "李大明" in person.quarantined_reason
    assert (person.name, person.address, person.portrait.name) == (before.name, before.address, before.portrait.name)
    (told,) = Message.objects.filter(mailbox=person.mailbox)
    assert "另一个姓名" in told.title
    held = HeldCard.objects.get()
    assert (held.name, held.address, held.office) == ("李大明", other["address"], machine.device.office)


def test_the_same_changed_name_again_tells_once(machine: Machine) -> None:
    body = machine.body()
    machine.post(body)
    other = {"card": body["card"] | {"name": "李大明"}}
    for _ in range(2):
        assert machine.post(machine.body() | other).status_code == 202
    assert HeldCard.objects.count() == Message.objects.count() == 1


def test_a_known_person_without_a_login_gets_none_under_another_name(machine: Machine) -> None:
    person = make_person("王明", user=False, registered=False)
    card = make_card(id_number=person.id_number, birth_date=person.birth_date, name="李明")
    answer = machine.register(id_number=card.id_number, birth_date=card.birth_date, name="李明")
    assert answer.status_code == 202
    person.refresh_from_db()
    assert (person.user, person.registered_at) == (None, None)
    assert not User.objects.exists()


def test_all_reasons_of_the_card_at_once(machine: Machine) -> None:
    body = machine.body(portrait=picture(60, 80))
    body["card"] |= {"birth_date": "1991-03-07", "valid_to": "2021-01-01", "name": "张3"}
    answer = machine.post(body)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.refused")
    assert codes(answer) == ["card.name.digit", "card.birth_date", "card.expired", "card.portrait"]
    assert not Person.objects.exists()
    entry = AuditEntry.objects.get(action="kiosk_refused")
    assert entry.detail["findings"] == codes(answer)


def test_all_wrong_fields_at_once(machine: Machine) -> None:
    answer = machine.post(
        {
            "request_id": "1",
            "portrait": "***",
            "card": {
                "name": "",
                "sex": "男",
                "birth_date": "2019/4/1",
                "valid_from": 5,
                "address": "x" * 201,
                "age": 3,
            },
            "extra": 1,
        }
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "request.fields")
    wrong = {finding["facts"]["field"] for finding in answer.json()["findings"]}
    assert wrong == {
        "request_id", "office", "portrait", "extra", "card.name", "card.id_number", "card.sex", "card.ethnicity",
        "card.birth_date", "card.address", "card.valid_from", "card.valid_to", "card.age",
    }  # fmt: skip


@pytest.mark.parametrize("body", [b" ", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"office": 1' + b"0" * 5000 + b"}"])
def test_what_is_no_json(machine: Machine, body: bytes) -> None:
    answer = machine.send("POST", REGISTRATIONS, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed")


@pytest.mark.parametrize("name", ["张\x00明", "张\ud800"])
def test_characters_that_no_name_has(machine: Machine, name: str) -> None:
    body = machine.body()
    body["card"]["name"] = name
    assert machine.post(body).status_code == 400


def test_another_kind_of_content(machine: Machine) -> None:
    body = json.dumps(machine.body()).encode()
    headers = machine.headers("POST", REGISTRATIONS, body)
    answer = Client().generic("POST", REGISTRATIONS, body, content_type="text/plain", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "request.not_json")


def test_a_portrait_larger_than_a_form_may_be(machine: Machine) -> None:
    noise = picture(1800, 2200, kind="PNG", compress_level=0)
    assert len(noise) > 2 * 1024 * 1024
    large = machine.register(portrait=noise[: 4 * 1024 * 1024 + 1])
    assert large.status_code == 400
    assert machine.register(portrait=picture(1000, 1200, kind="PNG", compress_level=0)).status_code == 201


def test_no_number_in_addresses_logs_or_answers(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    body = machine.body()
    number = body["card"]["id_number"]
    with caplog.at_level("DEBUG", logger="django.request"):
        answers = [machine.post(body), machine.post(body | {"request_id": str(uuid.uuid4()), "office": 10**6})]
    assert number not in caplog.text
    assert all(number not in answer.text for answer in answers)
    assert number not in str(list(AuditEntry.objects.values())) + str(list(RequestCount.objects.values()))


def patiently(machine: Machine, body: dict[str, Any]) -> Any:
    """As the kiosk's client does: what finds no slot for its picture is sent again a little later."""
    for _ in range(900):
        answer = machine.post(body)
        if answer.status_code not in (429, 503):
            return answer
        assert answer.json()["code"] == "request.busy"
        time.sleep(0.2)
    raise AssertionError("never served")


@pytest.mark.django_db(transaction=True)
def test_twenty_machines_at_once_make_one_person() -> None:
    machine = Machine()
    card = machine.body()["card"]
    bodies = [machine.body() | {"card": card} for _ in range(20)]
    answers = at_once([lambda body=body: patiently(machine, body) for body in bodies])  # type: ignore[misc]
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    person = Person.objects.get(id_number_index=id_number_index(card["id_number"]))
    (first,) = [answer for answer in answers if answer.status_code == 201]
    assert person.user.check_password(password_of(pdf_of(first)))


@pytest.mark.django_db(transaction=True)
def test_twenty_repetitions_at_once_are_one_registration() -> None:
    machine = Machine()
    body = machine.body()
    answers = at_once([lambda: machine.post(body)] * 20)
    assert [answer.status_code for answer in answers] == [201] * 20
    assert len({answer.content for answer in answers}) == 1
    assert AuditEntry.objects.filter(action="register_person").count() == 1
    assert not AuditEntry.objects.filter(action="update_card").exists()


@pytest.mark.django_db(transaction=True)
def test_two_names_at_once_leave_one_person_and_one_held_card() -> None:
    machine = Machine()
    card = machine.body()["card"]
    bodies = [machine.body() | {"card": card | {"name": name}} for name in ("张小明", "李大明")]
    answers = at_once([lambda body=body: patiently(machine, body) for body in bodies])  # type: ignore[misc]
    assert sorted(answer.status_code for answer in answers) == [201, 202]
    person = Person.objects.get()
    assert person.quarantined_reason
    assert HeldCard.objects.get(person=person).name != person.name


def test_queries_do_not_grow(machine: Machine, django_assert_max_num_queries: Any) -> None:
    body = machine.body(portrait=PORTRAIT)
    with django_assert_max_num_queries(40):
        machine.post(body)
