"""After a reset the weighty acts wait, unless a second factor confirms; the owner is told, and old sessions are gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.credentials import totp
from accounts.credentials.passwords import reset_password
from accounts.models import LoginSession, Person, SecondFactor
from administration.enums import Channel, DeliveryState
from administration.models import Contact, Delivery, Message, MessageChoice, Parameter
from tests.accounts.verification.test_face_login import NEW, enter
from tests.accounts.verification.world import make_faced, send
from tests.face_pictures import FacePictures
from tests.factories import PASSWORD, enrol_totp, make_counter_code, make_office, make_person, make_staff, next_code

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


def reset_at_counter(person: Person, new: str = NEW) -> Client:
    """The clerk resets it; the answer is a browser in which the person has come in and chosen a password."""
    initial = reset_password(person, by=make_staff(make_office()))
    client = Client()
    client.post("/login/", {"id_number": person.id_number, "password": initial})
    assert client.post("/password/", {"new_password": new, "repeated_password": new}).status_code == 302
    return client


def confirm(client: Client, person: Person) -> Any:
    return client.post("/m/verify/", {"code": make_counter_code(person)})


def change_phone(client: Client, phone: str = "13900005678") -> Any:
    return client.post("/person/profile/", {"phone": phone, "education": "bachelor", "professional_title": ""})


def codes(answer: Any) -> list[str]:
    return [finding.code for finding in answer.context["refusals"]]


# --- what happens at the reset itself ---


def test_a_reset_by_face_ends_every_session_at_once(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    former = Client()
    former.post("/login/", {"id_number": person.id_number, "password": PASSWORD})
    assert former.get("/person/").status_code == 200
    enter(client, face_pictures, person.id_number, "/m/reset/")
    assert former.get("/person/").status_code == 302
    assert LoginSession.objects.filter(ended_at__isnull=True).count() == 1
    assert client.get("/password/").status_code == 200


@pytest.mark.parametrize("way", ["人脸识别", "登记点窗口"])
def test_the_owner_reads_of_it_in_the_portal_and_on_the_telephone(
    client: Client, face_pictures: FacePictures, way: str, settings: Any
) -> None:
    settings.SMS_PROVIDER = "console"
    MessageChoice.objects.filter(event="password_reset").update(is_sms_on=True, sms_template="T-1")
    person = make_faced(face_pictures.one[0], phone=PHONE)
    Contact.objects.create(
        mailbox=person.mailbox, user_id=person.user_id, channel=Channel.SMS, address=PHONE, verified_at=timezone.now()
    )
    if way == "人脸识别":
        enter(client, face_pictures, person.id_number, "/m/reset/")
    else:
        reset_password(person, by=make_staff(make_office()))
    message = Message.objects.get(mailbox=person.mailbox)
    assert message.title == f"已通过{way}重设密码"
    assert "不是您本人操作的，请立即携带身份证到登记点重置密码" in message.body
    delivery = Delivery.objects.get()
    assert (delivery.message, delivery.channel, delivery.address) == (message, Channel.SMS, PHONE)
    assert (delivery.state, delivery.is_urgent) == (DeliveryState.WAITING, True)
    assert person.id_number not in message.body


def test_without_a_verified_telephone_the_mailbox_alone_has_it(settings: Any) -> None:
    settings.SMS_PROVIDER = "console"
    MessageChoice.objects.filter(event="password_reset").update(is_sms_on=True, sms_template="T-1")
    person = make_person(phone=PHONE)
    reset_password(person, by=make_staff(make_office()))
    assert Message.objects.filter(mailbox=person.mailbox).count() == 1
    assert not Delivery.objects.exists()


# --- what waits ---


def test_the_telephone_on_file_waits_and_the_rest_of_the_profile_does_not() -> None:
    person = make_person(phone=PHONE)
    client = reset_at_counter(person)
    refused = change_phone(client)
    assert refused.status_code == 400
    (finding,) = refused.context["refusals"]
    person.user.refresh_from_db()
    until = timezone.localtime(person.user.reset_at + timedelta(hours=24))
    assert f"{until:%Y年%-m月%-d日 %H:%M}以后办理" in finding.message
    assert "通过登记点窗口重设" in finding.detail
    assert "窗口核验码确认一次，就可以马上办理" in finding.detail
    assert "/m/verify/?next=" in refused.text, "and comes back here afterwards"
    assert "13900005678" in refused.text, "what was typed stays"
    assert change_phone(client, PHONE).status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.education) == (PHONE, "bachelor")


def test_a_code_from_the_counter_opens_it_in_this_session_alone() -> None:
    person = make_person(phone=PHONE)
    client = reset_at_counter(person)
    assert "人脸识别不能代替" in client.get("/m/verify/").text
    confirm(client, person)
    assert "人脸识别不能代替" not in client.get("/m/verify/").text
    assert change_phone(client).status_code == 302
    elsewhere = Client()
    elsewhere.post("/login/", {"id_number": person.id_number, "password": NEW})
    assert codes(change_phone(elsewhere, PHONE)) == ["reset.waits"]


def test_a_proven_authenticator_opens_it_by_the_login_itself() -> None:
    person = make_person(phone=PHONE)
    owner = Client()
    owner.force_login(person.user)
    confirm(owner, person)
    enrol_totp(person.user)
    SecondFactor.objects.update(enrolled_at=timezone.now())
    initial = reset_password(person, by=make_staff(make_office()))
    client = Client()
    client.post("/login/", {"id_number": person.id_number, "password": initial})
    client.post("/login/code/", {"code": next_code(person.user)})
    client.post("/password/", {"new_password": NEW, "repeated_password": NEW})
    assert change_phone(client).status_code == 302


def test_a_face_does_not_open_it(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0], phone=PHONE)
    enter(client, face_pictures, person.id_number, "/m/reset/")
    client.post("/password/", {"new_password": NEW, "repeated_password": NEW})
    send(client, face_pictures, seed=1)
    assert "verified_at" in client.session
    assert codes(change_phone(client)) == ["reset.waits"]
    secret = client.get("/security/totp/").context["enrolment"].secret
    answer = client.post("/security/totp/", {"code": totp.code_at(secret, timezone.now())})
    assert codes(answer) == ["reset.waits"]
    assert not SecondFactor.objects.exists()


def test_another_reset_has_to_be_confirmed_anew() -> None:
    person = make_person(phone=PHONE)
    confirm(reset_at_counter(person), person)
    assert codes(change_phone(reset_at_counter(person, "Ling-yi-mi-ma-2026"))) == ["reset.waits"]


@pytest.mark.parametrize(("hours", "later", "waits"), [(24, 23, True), (24, 25, False), (2, 3, False), (0, 0, False)])
def test_it_waits_as_long_as_the_parameter_says(hours: int, later: int, waits: bool) -> None:
    Parameter.objects.filter(key="reset_wait_hours").update(value=hours)
    person = make_person(phone=PHONE)
    client = reset_at_counter(person)
    person.user.refresh_from_db()
    type(person.user).objects.update(reset_at=person.user.reset_at - timedelta(hours=later))
    assert change_phone(client).status_code == (400 if waits else 302)


def test_without_a_reset_nothing_waits(client: Client) -> None:
    person = make_person(phone=PHONE)
    client.force_login(person.user)
    assert change_phone(client).status_code == 302
