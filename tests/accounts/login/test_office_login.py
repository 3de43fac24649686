"""Staff and administrators: a password, then a code of the authenticator."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.credentials import totp
from accounts.credentials.passwords import reset_staff_password
from accounts.enums import Sphere
from accounts.models import SecondFactor, User
from accounts.staff.services import create_administrator
from administration.models import AuditEntry
from tests.clock import later
from tests.factories import PASSWORD, enrol_totp, log_in_at_office, make_office, make_person, make_staff, next_code

pytestmark = pytest.mark.django_db
LOGIN, CODE, ENROL = "/office/login/", "/office/login/code/", "/office/login/enrol/"


@pytest.fixture
def staff() -> User:
    return enrol_totp(make_staff(make_office()))


def give_password(client: Client, user: User, **more: str) -> str:
    return str(client.post(LOGIN, {"login": user.login, "password": PASSWORD, **more}).url)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_password_alone_opens_nothing(client: Client, staff: User) -> None:
    assert give_password(client, staff) == CODE
    assert not is_in(client)
    assert client.get("/office/").url.startswith(LOGIN)
    page = client.get(CODE).text
    assert staff.name not in page
    assert "密码正确" not in page
    assert not AuditEntry.objects.filter(action="login").exists()


def test_code_opens_and_the_audit_says_how(client: Client, staff: User) -> None:
    assert log_in_at_office(client, staff).url == "/office/"
    assert client.get("/office/").status_code == 200
    assert AuditEntry.objects.get(action="login").detail == {"method": "password+totp"}


def test_page_that_was_asked_for_comes_after_the_code(client: Client, staff: User) -> None:
    assert give_password(client, staff, next="/office/security/") == f"{CODE}?next=%2Foffice%2Fsecurity%2F"
    assert 'value="/office/security/"' in client.get(f"{CODE}?next=/office/security/").text
    assert client.post(CODE, {"code": next_code(staff), "next": "/office/security/"}).url == "/office/security/"


@pytest.mark.parametrize("address", [CODE, ENROL])
def test_code_without_a_password_leads_to_the_login(client: Client, address: str) -> None:
    for answer in (client.get(address), client.post(address, {"code": "123456"})):
        assert answer.url == LOGIN
    assert "登录没有完成" in client.get(LOGIN).text


def test_code_comes_within_ten_minutes_of_the_password(client: Client, staff: User) -> None:
    give_password(client, staff)
    with later(minutes=10, seconds=1):
        assert client.post(CODE, {"code": next_code(staff)}).url == LOGIN
    assert not is_in(client)


def test_password_that_was_reset_meanwhile_ends_the_second_step(client: Client, staff: User) -> None:
    give_password(client, staff)
    reset_staff_password(staff, by=make_staff(make_office()))
    assert client.post(CODE, {"code": next_code(staff)}).url == LOGIN


def test_account_disabled_meanwhile_does_not_get_in(client: Client, staff: User) -> None:
    give_password(client, staff)
    User.objects.filter(pk=staff.pk).update(is_active=False)
    assert client.post(CODE, {"code": next_code(staff)}).url == LOGIN


def test_wrong_codes_are_counted_across_browsers_and_lock(client: Client, staff: User) -> None:
    for _ in range(4):
        each = Client()
        give_password(each, staff)
        answer = each.post(CODE, {"code": "000000"})
        assert answer.status_code == 400
        assert "验证码不正确" in answer.text
    give_password(client, staff)
    assert client.post(CODE, {"code": "000000"}).status_code == 429
    assert client.post(CODE, {"code": next_code(staff)}).status_code == 429
    assert not is_in(client)


def test_key_of_the_session_changes_at_each_step(client: Client, staff: User) -> None:
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = session.session_key
    give_password(client, staff)
    between = client.session.session_key
    assert between != session.session_key
    client.post(CODE, {"code": next_code(staff)})
    assert client.session.session_key not in (between, session.session_key)


def test_recovery_code_opens_once_and_the_page_says_how_many_are_left(client: Client) -> None:
    staff = make_staff(make_office())
    secret = totp.new_secret()
    codes = totp.confirm(staff, secret=secret, code=totp.code_at(secret, timezone.now()), now=timezone.now())
    give_password(client, staff)
    answer = client.post(CODE, {"code": codes[0]}, follow=True)
    assert "还剩9个" in answer.text
    other = Client()
    give_password(other, staff)
    assert other.post(CODE, {"code": codes[0]}).status_code == 400


# --- the first login ---


def secret_on(client: Client) -> str:
    found = re.search(r'totp-key">([A-Z2-7 ]+)<', client.get(ENROL).text)
    assert found is not None
    return found[1].replace(" ", "")


@pytest.mark.parametrize("sphere", [Sphere.STAFF, Sphere.SYSTEM_ADMIN, Sphere.SECURITY_ADMIN, Sphere.AUDIT_ADMIN])
def test_first_login_adds_an_authenticator_before_anything_else(client: Client, sphere: Sphere) -> None:
    if sphere == Sphere.STAFF:
        user = make_staff(make_office())
    else:
        user = create_administrator(login="first.one", name="初次", sphere=sphere, password=PASSWORD)
    assert give_password(client, user, next="/office/security/") == f"{CODE}?next=%2Foffice%2Fsecurity%2F"
    assert client.get(CODE).url == ENROL
    assert client.post(CODE, {"code": "123456"}).url == ENROL
    secret = secret_on(client)
    assert secret == secret_on(client)
    assert client.post(ENROL, {"code": "000000"}).status_code == 400
    assert not is_in(client)
    assert not SecondFactor.objects.exists()
    done = client.post(ENROL, {"code": totp.code_at(secret, timezone.now()), "next": "/office/security/"})
    assert "请保存恢复码" in done.text
    assert is_in(client)
    expected = "/office/security/" if sphere == Sphere.STAFF else "/password/"
    assert f'href="{expected}' in done.text
    reload = client.post(ENROL, {"code": totp.code_at(secret, timezone.now())}, follow=True)
    assert reload.status_code == 200, "who is in already is sent on"
    assert "登录没有完成" not in reload.text


def test_somebody_with_the_password_cannot_replace_the_authenticator(client: Client, staff: User) -> None:
    give_password(client, staff)
    assert client.get(ENROL).url == CODE
    assert client.post(ENROL, {"code": "123456"}).url == CODE


def test_secret_seen_in_another_browser_is_not_the_one_that_is_confirmed() -> None:
    staff = make_staff(make_office())
    onlooker, owner = Client(), Client()
    for each in (onlooker, owner):
        give_password(each, staff)
    assert secret_on(onlooker) != secret_on(owner)


def test_login_of_staff_ends_the_session_of_a_person_in_this_browser(client: Client, staff: User) -> None:
    person = make_person()
    client.post("/login/", {"id_number": person.id_number, "password": PASSWORD})
    give_password(client, staff)
    assert client.get("/person/").url.startswith("/login/")


def test_persons_have_no_second_step_at_this_door(client: Client) -> None:
    person = make_person()
    assert person.user is not None
    assert client.post(LOGIN, {"login": person.user.login, "password": PASSWORD}).url == CODE
    assert client.post(CODE, {"code": "123456"}).status_code == 400
    assert not is_in(client)
