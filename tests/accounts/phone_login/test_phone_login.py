"""A phone comes in by the QR code of a web session: once, soon, while that session lasts; and by password and code."""

from __future__ import annotations

import re
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from accounts.credentials.passwords import reset_password
from accounts.models import LoginSession, Person, PhoneLogin, SecondFactor, User
from accounts.phone_login import services
from accounts.phone_login.tasks import clear_phone_logins
from administration.models import AuditEntry
from administration.throttle import Limit
from common.findings import Refused
from tests.clock import Clock, later
from tests.concurrency import at_once
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
PAGE = "/person/phone/"
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile MicroMessenger/8.0"


def web(person: Person) -> Client:
    client = Client()
    assert client.post("/login/", {"id_number": person.id_number, "password": PASSWORD}).status_code == 302
    return client


@override_settings(IS_DEMONSTRATION=True)
def code_of(client: Client, page: str = PAGE) -> str:
    """The address in the QR code; the picture itself is read in the browser test."""
    found = re.search(r'href="http://testserver(/m/login/qr/[^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def phone() -> Client:
    return Client(headers={"user-agent": ANDROID})


def refusal(answer: Any) -> str:
    assert answer.status_code == 403
    (finding,) = answer.context["refusals"]
    assert "用人脸登录" in answer.text, "the other ways stand beside it"
    return str(finding.code)


def test_the_phone_is_let_in_by_a_press_of_the_button() -> None:
    person = make_person("欧阳建国")
    desk, hand = web(person), phone()
    address = code_of(desk)
    question = hand.get(address)
    assert "确认登录" in question.text
    assert "欧阳建国" not in question.text
    assert person.id_number not in question.text + address
    assert hand.get("/m/").status_code == 302, "looking logs nobody in"
    assert hand.post(address).url == "/m/"
    assert hand.get("/m/").status_code == 200
    assert hand.session.session_key != desk.session.session_key
    assert "安卓手机 · 微信" in desk.get(PAGE).text
    assert AuditEntry.objects.filter(action="login", detail__method="qr", actor_id=person.user_id).count() == 1
    assert not AuditEntry.objects.filter(action="verify").exists()
    assert hand.get("/m/verify/").status_code == 200, "deciding asks for a second verification"
    assert "安卓手机 · 微信" in desk.get("/person/security/").text


def test_a_link_preview_does_not_use_the_code_up() -> None:
    address = code_of(web(make_person()))
    for _ in range(3):
        assert phone().get(address).status_code == 200
        assert phone().head(address).status_code == 200
    assert phone().post(address).status_code == 302


def test_the_code_opens_once() -> None:
    address = code_of(web(make_person()))
    phone().post(address)
    assert refusal(phone().post(address)) == "phone_login.used"
    assert refusal(phone().get(address)) == "phone_login.used"
    assert AuditEntry.objects.filter(action="login.refused", detail__why="phone_login.used").count() == 1


def test_the_code_lasts_two_minutes(clock: Clock) -> None:
    clock.stop_at(timezone.now())
    address = code_of(web(make_person()))
    with later(seconds=121):
        assert refusal(phone().post(address)) == "phone_login.expired"
    with later(seconds=119):
        assert phone().post(address).status_code == 302


def test_no_token_opens_nothing() -> None:
    web(make_person())
    assert refusal(phone().get("/m/login/qr/xxxx/")) == "phone_login.unknown"
    assert refusal(phone().post("/m/login/qr/xxxx/")) == "phone_login.unknown"


def test_logging_out_on_the_web_ends_the_code() -> None:
    desk = web(make_person())
    address = code_of(desk)
    desk.post("/logout/")
    assert refusal(phone().post(address)) == "phone_login.ended"


def test_another_password_ends_the_code() -> None:
    desk = web(make_person())
    address = code_of(desk)
    new = "Xinmima-8361-xk"
    form = {"old_password": PASSWORD, "new_password": new, "repeated_password": new}
    assert desk.post("/password/", form).status_code == 302
    assert desk.get(PAGE).status_code == 200, "the web session itself goes on"
    assert refusal(phone().post(address)) == "phone_login.ended"


def test_a_reset_at_the_counter_ends_the_code() -> None:
    person = make_person()
    address = code_of(web(person))
    reset_password(person, by=make_staff(make_office()))
    assert refusal(phone().post(address)) == "phone_login.ended"


def test_a_disabled_login_ends_the_code() -> None:
    person = make_person()
    address = code_of(web(person))
    User.objects.filter(pk=person.user_id).update(is_active=False)
    assert refusal(phone().post(address)) == "phone_login.ended"


def test_signing_out_everywhere_ends_the_phone() -> None:
    desk, hand = web(make_person()), phone()
    hand.post(code_of(desk))
    assert LoginSession.objects.filter(ended_at__isnull=True).count() == 2
    desk.post("/security/sessions/end/")
    assert hand.get("/m/").status_code == 302


def test_the_phone_stays_when_the_web_session_ends() -> None:
    desk, hand = web(make_person()), phone()
    hand.post(code_of(desk))
    desk.post("/logout/")
    assert hand.get("/m/").status_code == 200


def test_a_reload_shows_the_same_code_and_the_button_another() -> None:
    desk = web(make_person())
    first = code_of(desk)
    assert code_of(desk) == first
    assert desk.post(PAGE).url == PAGE
    assert code_of(desk) != first
    assert refusal(phone().post(first)) == "phone_login.expired"


def test_the_script_that_looks_again_never_makes_a_code() -> None:
    desk = web(make_person())
    code_of(desk)
    with later(seconds=121):
        looked = desk.get(PAGE, headers={"X-Requested-With": "fetch"})
        assert "二维码已过期" in looked.text
        assert "data-refresh" not in looked.text.partition('id="phone-code"')[2][:60]
        assert PhoneLogin.objects.count() == 1
        assert "手机登录的二维码" in desk.get(PAGE).text
    assert PhoneLogin.objects.count() == 2


def test_the_token_is_stored_nowhere() -> None:
    desk = web(make_person())
    token = code_of(desk).split("/")[-2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM accounts_phonelogin p")
        stored = str(cursor.fetchall())
    assert token not in stored
    assert token not in str(dict(desk.session))


@pytest.mark.usefixtures("fresh_windows")
def test_making_codes_and_scanning_are_limited() -> None:
    desk = web(make_person())
    with mock.patch("accounts.phone_login.qr_session.ISSUED", Limit("phone_code", 2)):
        for _ in range(3):
            desk.post(PAGE)
        assert PhoneLogin.objects.count() == 2
    with mock.patch("accounts.phone_login.views.SCANS", Limit("phone_login", 2)):
        answers = [phone().get("/m/login/qr/xxxx/").status_code for _ in range(3)]
    assert answers == [403, 403, 429]


def test_only_persons_are_shown_a_code(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(make_staff(make_office()))
    assert client.get(PAGE).status_code == 403


def test_another_site_cannot_press_the_button() -> None:
    address = code_of(web(make_person()))
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert PhoneLogin.objects.get().used_at is None


def test_old_codes_are_forgotten() -> None:
    code_of(web(make_person()))
    with later(days=2):
        clear_phone_logins(0)
    assert not PhoneLogin.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_phones_at_once_one_comes_in() -> None:
    token = code_of(web(make_person())).split("/")[-2]
    now = timezone.now()
    outcomes = at_once([lambda: services.use_phone_login(token, browser="", now=now) for _ in range(4)])
    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert [one.findings[0].code for one in refused] == ["phone_login.used"] * 3


# --- by password and the code of an authenticator ---


def by_password(client: Client, person: Person) -> Any:
    return client.post("/m/login/", {"id_number": person.id_number, "password": PASSWORD, "next": "/m/"})


def test_who_has_an_authenticator_is_asked_for_its_code() -> None:
    person = make_person("欧阳建国")
    assert person.user is not None
    enrol_totp(person.user)
    hand = phone()
    assert by_password(hand, person).url == "/m/login/code/?next=%2Fm%2F"
    assert hand.get("/m/").status_code == 302, "the password alone lets nobody in"
    assert hand.post("/m/login/code/", {"code": "000000"}).status_code == 400
    assert hand.post("/m/login/code/", {"code": next_code(person.user), "next": "/m/"}).url == "/m/"
    assert hand.get("/m/").status_code == 200
    entry = AuditEntry.objects.get(action="login")
    assert entry.detail == {"method": "password+totp"}


@pytest.mark.parametrize("is_proven", [True, False])
def test_the_code_counts_as_verification_only_if_its_authenticator_was_added_by_the_person(is_proven: bool) -> None:
    person = make_person()
    assert person.user is not None
    if is_proven:
        web(person).post("/m/verify/", {"code": make_counter_code(person)})
    enrol_totp(person.user)
    SecondFactor.objects.update(enrolled_at=timezone.now())
    before = AuditEntry.objects.filter(action="verify").count()
    hand = phone()
    by_password(hand, person)
    hand.post("/m/login/code/", {"code": next_code(person.user)})
    assert AuditEntry.objects.filter(action="verify").count() - before == is_proven


def test_the_second_step_without_the_first_leads_back(client: Client) -> None:
    assert client.get("/m/login/code/").url == "/m/login/"


# --- nothing to verify with ---


def test_who_can_use_neither_face_nor_code_is_told_where_to_go() -> None:
    office = make_office("南昌市行政审批局")
    office.address, office.phone = "南昌市东湖区演示路1号", "0791-80000001"
    office.save()
    person = make_person(office=office)
    person.portrait.delete()
    hand = web(person)
    text = hand.get("/m/verify/").text
    assert "您现在只能用窗口核验码" in text
    assert "南昌市东湖区演示路1号" in text
    assert "0791-80000001" in text
