"""An enrolled authenticator is asked for wherever a password, a face or a code opens a session of a person."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.credentials.passwords import reset_password
from accounts.models import Person, SecondFactor
from administration.models import AuditEntry
from tests.accounts.phone_login.test_phone_login import code_of, phone, web
from tests.accounts.verification.test_face_login import enter
from tests.accounts.verification.world import make_faced
from tests.face_pictures import FacePictures
from tests.factories import (
    PASSWORD,
    enrol_totp,
    make_counter_code,
    make_office,
    make_person,
    make_staff,
    next_code,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    made = make_person("欧阳建国")
    enrol_totp(made.user)
    return made


def by_password(client: Client, person: Person, password: str = PASSWORD, *, door: str = "/login/") -> Any:
    return client.post(door, {"id_number": person.id_number, "password": password, "next": "/person/photo/"})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(("door", "page"), [("/login/", "/login/code/"), ("/m/login/", "/m/login/code/")])
def test_the_password_leads_to_the_code_at_every_door(client: Client, person: Person, door: str, page: str) -> None:
    assert by_password(client, person, door=door).url == f"{page}?next=%2Fperson%2Fphoto%2F"
    assert not is_in(client)
    assert client.get("/person/").status_code == 302, "the password alone lets nobody in"
    assert "验证码不正确" in client.post(page, {"code": "000000"}).text
    assert client.post(page, {"code": next_code(person.user), "next": "/person/photo/"}).url == "/person/photo/"
    assert is_in(client)
    assert AuditEntry.objects.get(action="login").detail == {"method": "password+totp"}


def test_the_desk_comes_home_to_the_desk(client: Client, person: Person) -> None:
    client.post("/login/", {"id_number": person.id_number, "password": PASSWORD})
    assert client.post("/login/code/", {"code": next_code(person.user)}).url == "/person/"


def test_a_face_leads_to_the_code(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    enrol_totp(person.user)
    assert enter(client, face_pictures, person.id_number).url == "/m/login/code/"
    assert not is_in(client)
    assert client.post("/m/login/code/", {"code": next_code(person.user)}).url == "/m/"
    assert AuditEntry.objects.get(action="login").detail == {"method": "face_login+totp"}


def test_a_reset_by_face_leads_to_the_code_and_changes_nothing_before(
    client: Client, face_pictures: FacePictures
) -> None:
    person = make_faced(face_pictures.one[0])
    enrol_totp(person.user)
    assert enter(client, face_pictures, person.id_number, "/m/reset/").url == "/m/login/code/"
    person.user.refresh_from_db()
    assert not person.user.must_change_password
    assert person.user.reset_at is None
    assert client.post("/m/login/code/", {"code": next_code(person.user)}).url == "/password/"
    person.user.refresh_from_db()
    assert person.user.must_change_password


def test_the_code_of_a_web_session_leads_to_the_code_of_the_authenticator(person: Person) -> None:
    SecondFactor.objects.all().delete()
    address = code_of(web(person))
    enrol_totp(person.user)
    hand = phone()
    assert hand.post(address).url == "/m/login/code/"
    assert not is_in(hand)
    assert hand.post("/m/login/code/", {"code": next_code(person.user)}).url == "/m/"
    assert AuditEntry.objects.filter(action="login", detail__method="qr+totp").exists()


def test_the_first_login_after_a_reset_asks_before_the_password_is_changed(client: Client, person: Person) -> None:
    initial = reset_password(person, by=make_staff(make_office()))
    assert by_password(client, person, initial).url.startswith("/login/code/")
    assert client.get("/password/").status_code == 302
    assert client.post("/login/code/", {"code": next_code(person.user)}).url == "/password/"


def test_a_code_from_the_counter_stands_in_for_a_lost_telephone(client: Client, person: Person) -> None:
    by_password(client, person)
    assert "任一登记点" in client.get("/login/code/").text
    wrong = client.post("/login/code/", {"counter-code": "00000000"})
    assert "核验码不正确" in wrong.text
    assert client.post("/login/code/", {"counter-code": make_counter_code(person)}).url == "/person/"
    assert client.post("/security/totp/remove/").url == "/person/security/", "and is proof enough to take it off"
    assert not SecondFactor.objects.exists()


def test_without_that_code_the_authenticator_is_asked_for_before_it_goes(client: Client, person: Person) -> None:
    client.force_login(person.user)
    page = client.get("/security/totp/remove/")
    assert "领取窗口核验码" in page.text
    assert client.post("/security/totp/remove/").status_code == 400
    assert SecondFactor.objects.exists()


def test_guesses_at_the_counters_code_are_limited(client: Client, person: Person) -> None:
    by_password(client, person)
    answers = [client.post("/login/code/", {"counter-code": "00000000"}).status_code for _ in range(6)]
    assert answers == [400] * 5 + [429]


def test_a_waiting_person_enrols_nothing_at_the_office(client: Client, person: Person) -> None:
    by_password(client, person)
    SecondFactor.objects.all().delete()
    for page in ("/office/login/code/", "/office/login/enrol/", "/login/code/"):
        assert client.get(page).status_code == 302
        assert client.post(page, {"code": "000000"}).status_code == 302
    assert not is_in(client)
    assert not SecondFactor.objects.exists()


def test_a_person_at_the_office_page_does_not_enter_by_it(client: Client, person: Person) -> None:
    by_password(client, person)
    assert client.post("/office/login/code/", {"code": next_code(person.user)}).url.startswith("/office/login/")
    assert not is_in(client)


def test_a_page_of_the_second_step_without_a_first_leads_to_the_beginning(client: Client) -> None:
    assert client.get("/login/code/").url == "/login/"
    assert client.get("/m/login/code/").url == "/m/login/"


def test_another_password_meanwhile_ends_the_waiting(client: Client, person: Person) -> None:
    by_password(client, person)
    person.user.set_password("Ling-yi-mi-ma-2026")
    person.user.save()
    assert client.post("/login/code/", {"code": next_code(person.user)}).url == "/login/"
    assert not is_in(client)
