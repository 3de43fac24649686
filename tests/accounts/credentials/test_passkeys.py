"""Passkeys: added only after a second verification, used as one, never twice by one challenge, never by a copy."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.credentials import passkeys
from accounts.enums import ResetWay
from accounts.models import Passkey, Person, User
from accounts.verification.counter_codes import use_counter_code
from administration.models import AuditEntry, Message
from tests.clock import Clock
from tests.factories import PASSWORD, make_person

from .passkey_device import FLAG, ORIGIN, Device

pytestmark = pytest.mark.django_db

SECURITY = "/person/security/"
VERIFY = "/m/verify/"


def logged_in(person: Person, *, verified_by: str = "counter_code") -> Client:
    assert person.user is not None
    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    if verified_by:
        session = client.session
        session["verified_at"], session["verified_user"] = timezone.now().timestamp(), person.user.pk
        session["verified_by"] = verified_by
        session.save()
    return client


def with_passkey(**of_device: Any) -> tuple[Person, Device]:
    person, device = make_person(), Device(**of_device)
    assert device.add_to(logged_in(person)).status_code == 302
    return person, device


def is_verified(client: Client) -> bool:
    return client.session.get("verified_by") == "passkey"


def test_a_passkey_is_added_after_a_verification_and_used_as_one() -> None:
    person, device = with_passkey()
    key = Passkey.objects.get()
    assert (key.user, key.name, key.proven_by) == (person.user, "工地手机", "counter_code")
    later = logged_in(person, verified_by="")
    assert "用通行密钥验证" in later.get(VERIFY).text
    answer = device.verify(later, next="/person/employment/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/person/employment/")
    assert is_verified(later)
    assert AuditEntry.objects.filter(action="verify", detail__method="passkey").exists()
    assert "工地手机" in later.get(SECURITY).text


def test_a_password_alone_adds_no_passkey() -> None:
    person = make_person()
    client = logged_in(person, verified_by="")
    assert client.post("/security/passkeys/challenge/").status_code == 403
    answer = client.get("/security/passkeys/add/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{VERIFY}?next=/security/passkeys/add/")
    answer = Device().add_to(client)
    assert answer.headers["Location"].startswith(VERIFY)
    assert not Passkey.objects.exists()


def test_after_a_face_the_password_is_asked_too(settings: Any) -> None:
    """A face that no certified service compared is one factor only (docs/adr/0014)."""
    settings.FACE_ALONE_IN_DEMONSTRATION = False
    client, device = logged_in(make_person(), verified_by="face"), Device()
    assert "登录密码" in client.get("/security/passkeys/add/").text
    wrong = device.add_to(client, password="wrong-password-1")
    assert wrong.status_code == 400
    assert 'value="工地手机"' in wrong.text
    assert not Passkey.objects.exists()
    assert device.add_to(client, password=PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://testserver:8000"},
        {"origin": "http://sub.testserver"},
        {"flags": FLAG.UP},
        {"flags": FLAG.UV},
    ],
)
def test_another_place_or_an_unverified_user_is_refused(changed: dict[str, Any]) -> None:
    answer = Device(**changed).add_to(logged_in(make_person()))
    assert answer.status_code == 400
    assert passkeys.WRONG.message in answer.text
    person, device = with_passkey()
    device.__dict__.update(changed)
    client = logged_in(person, verified_by="")
    assert passkeys.WRONG.message in device.verify(client).text
    assert not is_verified(client)


def test_a_challenge_serves_once_and_for_five_minutes(clock: Clock) -> None:
    person, device = with_passkey()
    client = logged_in(person, verified_by="")
    options = client.post("/m/verify/passkey/challenge/").json()["publicKey"]
    answer = device.get(options)
    assert client.post("/m/verify/passkey/", {"answer": answer}).status_code == 302
    assert passkeys.NOT_TAKEN.message in client.post("/m/verify/passkey/", {"answer": answer}).text
    options = client.post("/m/verify/passkey/challenge/").json()["publicKey"]
    clock.forward(timedelta(minutes=6))
    late = client.post("/m/verify/passkey/", {"answer": device.get(options)})
    assert passkeys.NOT_TAKEN.message in late.text


def test_the_challenge_of_somebody_else_and_the_key_of_somebody_else_do_nothing() -> None:
    person, device = with_passkey()
    other, own = with_passkey()
    client, elsewhere = logged_in(person, verified_by=""), logged_in(other, verified_by="")
    foreign = elsewhere.post("/m/verify/passkey/challenge/").json()["publicKey"]
    client.post("/m/verify/passkey/challenge/")
    assert client.post("/m/verify/passkey/", {"answer": device.get(foreign)}).status_code == 400
    assert passkeys.WRONG.message in own.verify(client).text
    key = Passkey.objects.get(user=other.user)
    client.post(f"/security/passkeys/{key.pk}/remove/")
    assert Passkey.objects.filter(pk=key.pk).exists()


def test_a_counter_that_goes_back_stops_the_key() -> None:
    person, device = with_passkey()
    client = logged_in(person, verified_by="")
    for _ in range(2):
        assert device.verify(client).status_code == 302
    device.counter -= 2
    copied = device.verify(logged_in(person, verified_by=""))
    assert passkeys.COPIED.message in copied.text
    assert "用通行密钥验证" not in copied.text
    assert Passkey.objects.get().copied_at is not None
    assert "可能被复制" in client.get(SECURITY).text
    assert Message.objects.filter(title__contains="可能被复制").exists()
    assert client.post("/m/verify/passkey/challenge/").status_code == 409


def test_a_synchronised_key_that_never_counts_stays_good() -> None:
    person, device = with_passkey(counts=False)
    for _ in range(2):
        assert device.verify(logged_in(person, verified_by="")).status_code == 302


def test_one_device_is_added_once_and_no_more_than_ten() -> None:
    person, device = with_passkey()
    client = logged_in(person)
    assert passkeys.TWICE.message in device.add_to(client).text
    for _ in range(passkeys.MOST - 1):
        assert Device().add_to(client).status_code == 302
    assert passkeys.TOO_MANY.message in Device().add_to(client).text
    assert Passkey.objects.filter(user=person.user).count() == passkeys.MOST


def test_after_a_reset_no_passkey_is_added_but_a_former_one_confirms() -> None:
    person, device = with_passkey()
    User.objects.filter(pk=person.user_id).update(reset_at=timezone.now(), reset_way=ResetWay.FACE)
    client = logged_in(person, verified_by="face")
    refused = Device().add_to(client, password=PASSWORD)
    assert "密码重设后" in refused.text
    assert Passkey.objects.count() == 1
    assert device.verify(client).status_code == 302
    assert Device().add_to(client).status_code == 302


def test_a_removed_key_is_gone() -> None:
    person, _ = with_passkey()
    client = logged_in(person)
    key = Passkey.objects.get()
    for said in ("已删除", "已经删除"):
        answer = client.post(f"/security/passkeys/{key.pk}/remove/", follow=True)
        assert said in answer.text
    assert Message.objects.filter(title="已删除通行密钥").count() == 1
    assert client.post("/m/verify/passkey/challenge/").status_code == 409


@pytest.mark.parametrize("answer", ["x", "[]", "{}", "null", '{"id": 1}', '"𠮷"', "{" * 5000])
def test_what_is_no_answer_of_a_device_is_told(answer: str) -> None:
    person, _ = with_passkey()
    client = logged_in(person)
    client.post("/m/verify/passkey/challenge/")
    assert client.post("/m/verify/passkey/", {"answer": answer}).status_code == 400
    client.post("/security/passkeys/challenge/")
    told = client.post("/security/passkeys/add/", {"name": "𠮷野的手机", "answer": answer})
    assert told.status_code == 400
    assert 'value="𠮷野的手机"' in told.text


def test_a_broken_response_is_told() -> None:
    person, device = with_passkey()
    client = logged_in(person, verified_by="")
    options = client.post("/m/verify/passkey/challenge/").json()["publicKey"]
    given = json.loads(device.get(options))
    for part in given["response"]:
        client.post("/m/verify/passkey/challenge/")
        broken = {**given, "response": {**given["response"], part: given["response"][part][:9]}}
        assert client.post("/m/verify/passkey/", {"answer": json.dumps(broken)}).status_code == 400


def test_without_another_way_a_passkey_still_is_one() -> None:
    """Who has no portrait, authenticator or review is not sent to a counter."""
    person, _ = with_passkey()
    page = logged_in(person, verified_by="").get(VERIFY).text
    assert "您现在只能用窗口核验码" not in page
    assert use_counter_code(person, "00000000", now=timezone.now()) is False


def test_the_key_belongs_to_the_name_of_the_place() -> None:
    options = logged_in(make_person()).post("/security/passkeys/challenge/").json()["publicKey"]
    assert options["rp"]["id"] == ORIGIN.partition("//")[2]
    assert options["authenticatorSelection"]["userVerification"] == "required"
