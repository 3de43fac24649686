"""A lockout harms whoever guesses, and nobody else: known browsers, other addresses, codes and recovery codes stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from accounts.access import known_browsers
from accounts.credentials import lockouts, totp
from accounts.credentials.password import authenticate_person
from accounts.credentials.passwords import change_password
from accounts.models import LoginFailures, Person, User
from tests.concurrency import at_once
from tests.factories import (
    PASSWORD,
    TOTP_SECRET,
    enrol_totp,
    make_office,
    make_person,
    make_staff,
    next_code,
)

pytestmark = pytest.mark.django_db
LOGIN, OFFICE, CODE = "/login/", "/office/login/", "/office/login/code/"
HOME, ELSEWHERE, ATTACKER = "192.0.2.10", "198.51.100.7", "203.0.113.66"


def log_in(client: Client, person: Person, password: str = PASSWORD) -> int:
    return int(client.post(LOGIN, {"id_number": person.id_number, "password": password}).status_code)


def known_browser(person: Person, address: str = HOME) -> Client:
    client = Client(REMOTE_ADDR=address)
    assert log_in(client, person) == 302
    client.post("/logout/")
    return client


def attack(person: Person, times: int, addresses: list[str]) -> list[int]:
    return [
        log_in(Client(REMOTE_ADDR=addresses[number % len(addresses)]), person, f"guess-{number}")
        for number in range(times)
    ]


def storm(person: Person) -> None:
    attack(person, lockouts.MANY + 4, [f"203.0.113.{last}" for last in range(1, 7)])


def enter_office(client: Client, user: User, *, password: str = PASSWORD, code: str = "") -> Any:
    client.post(OFFICE, {"login": user.login, "password": password})
    return client.post(CODE, {"code": code or next_code(user)})


# --- the password ---


def test_stranger_locks_only_his_own_address() -> None:
    person = make_person()
    assert attack(person, 7, [ATTACKER]) == [400] * 4 + [429] * 3
    assert log_in(Client(REMOTE_ADDR=ATTACKER), person) == 429
    assert log_in(Client(REMOTE_ADDR=ELSEWHERE), person) == 302


def test_known_browser_gets_in_from_the_very_address_of_the_attacker() -> None:
    person = make_person()
    browser = known_browser(person, ATTACKER)
    attack(person, 40, [ATTACKER])
    assert log_in(Client(REMOTE_ADDR=ATTACKER), person) == 429
    assert log_in(browser, person) == 302


def test_storm_leaves_known_browsers_and_new_addresses_their_tries() -> None:
    person = make_person()
    browser = known_browser(person)
    storm(person)
    assert [log_in(browser, person, "mistyped") for _ in range(4)] == [400] * 4
    assert log_in(browser, person) == 302
    new = Client(REMOTE_ADDR=ELSEWHERE)
    assert log_in(new, person, "mistyped") == 400
    assert log_in(new, person) == 302
    other = Client(REMOTE_ADDR="198.51.100.8")
    assert [log_in(other, person, "mistyped") for _ in range(3)] == [400, 429, 429]


def test_wait_in_a_storm_is_told_with_its_day() -> None:
    person = make_person()
    storm(person)
    client = Client(REMOTE_ADDR=ELSEWHERE)
    data = {"id_number": person.id_number, "password": "mistyped"}
    client.post(LOGIN, data)
    local = timezone.localtime(timezone.now() + timedelta(days=1))
    assert f"请在{local.month}月{local.day}日" in client.post(LOGIN, data).text


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_addresses_of_one_network_count_together(first: str, second: str, shared: bool) -> None:
    person = make_person()
    attack(person, 5, [first])
    assert (log_in(Client(REMOTE_ADDR=second), person) == 429) is shared


def test_networks_of_one_customer_do_not_add_up_for_ever(rf: RequestFactory) -> None:
    person = make_person()
    compared = 0
    for number in range(60):
        request = rf.post(LOGIN, REMOTE_ADDR=f"2001:db8:1:{number:x}::1")
        compared += authenticate_person(request, id_number=person.id_number, password="guess").is_compared
    assert compared <= lockouts.TRIES * lockouts.WIDER


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_all_counted(rf: RequestFactory) -> None:
    source = lockouts.source_of(rf.post(LOGIN, REMOTE_ADDR=ATTACKER), "somebody")
    now = timezone.now()
    tries = at_once([lambda: lockouts.begin(source, lockouts.PASSWORD, now=now).wait_until is None] * 20)
    assert sum(map(bool, tries)) == lockouts.TRIES


# --- the cookie ---


def cookie_of(client: Client) -> str:
    return str(client.cookies["jx_known"].value)


def test_cookie_comes_with_a_login_only_and_no_script_reads_it() -> None:
    person, client = make_person(), Client()
    log_in(client, person, "mistyped")
    assert "jx_known" not in client.cookies
    log_in(client, person)
    cookie = client.cookies["jx_known"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert person.id_number not in str(cookie)


def test_cookie_is_kept_to_the_host_and_to_encryption_in_production(rf: RequestFactory) -> None:
    with override_settings(SESSION_COOKIE_SECURE=True):
        answer = HttpResponse()
        known_browsers.remember(rf.get("/"), answer, _user(make_person()))
        cookie = answer.cookies["__Host-jx_known"]
        assert cookie["secure"]
        assert cookie["path"] == "/"


def _user(person: Person) -> User:
    assert person.user is not None
    return person.user


def _with_cookie(rf: RequestFactory, value: str) -> HttpRequest:
    request = rf.post(LOGIN)
    request.COOKIES["jx_known"] = value
    return request


def test_cookie_is_worth_nothing_for_another_login_or_after_a_new_password(rf: RequestFactory) -> None:
    person, other = make_person(), make_person()
    request = _with_cookie(rf, cookie_of(known_browser(person)))
    assert known_browsers.device_of(request, _user(person).login)
    assert not known_browsers.device_of(request, _user(other).login)
    assert not known_browsers.device_of(request, "nobody")
    change_password(_user(person), "Shan-gao-shui-chang", now=timezone.now())
    assert not known_browsers.device_of(request, _user(person).login)


def test_password_changed_in_a_browser_leaves_it_known(rf: RequestFactory) -> None:
    person, client = make_person(), Client()
    log_in(client, person)
    new = "Shan-gao-shui-chang"
    client.post("/password/", {"old_password": PASSWORD, "new_password": new, "repeated_password": new})
    assert known_browsers.device_of(_with_cookie(rf, cookie_of(client)), _user(person).login)


@pytest.mark.parametrize("forge", ["", "x", "x:y:z", "other salt", "cut"])
def test_forged_cookie_is_no_cookie(rf: RequestFactory, forge: str) -> None:
    person = make_person()
    real = cookie_of(known_browser(person))
    values = {"other salt": signing.dumps([["a", "b", "c"]], salt="x"), "cut": real[:-2]}
    assert not known_browsers.device_of(_with_cookie(rf, values.get(forge, forge)), _user(person).login)


def test_thief_of_the_cookie_neither_locks_its_owner_out_nor_guesses_more(rf: RequestFactory) -> None:
    person = make_person()
    browser = known_browser(person)
    compared = 0
    for number in range(120):
        thief = Client(REMOTE_ADDR=f"203.0.113.{number % 30}")
        thief.cookies["jx_known"] = cookie_of(browser)
        compared += log_in(thief, person, f"guess-{number}") == 400
    assert compared <= lockouts.TRIES_OF_DEVICE + lockouts.MANY + 30 * lockouts.TRIES_WHEN_MANY
    assert log_in(browser, person) == 302, "from where nobody has guessed"


def test_browser_of_several_people_knows_each(rf: RequestFactory) -> None:
    people, client = [make_person() for _ in range(3)], Client()
    for person in people:
        log_in(client, person)
        client.post("/logout/")
    request = _with_cookie(rf, cookie_of(client))
    devices = {known_browsers.device_of(request, _user(person).login) for person in people}
    assert len(devices - {""}) == 3


# --- staff: the password is not confirmed before the code ---


def test_office_answers_alike_to_a_right_and_a_wrong_password() -> None:
    staff = enrol_totp(make_staff(make_office()))
    seen = []
    for login, password in ((staff.login, PASSWORD), (staff.login, "wrong"), ("nobody-here", "wrong")):
        LoginFailures.objects.all().delete()
        client, answers = Client(REMOTE_ADDR=ELSEWHERE), []
        for _ in range(7):
            answer = client.post(OFFICE, {"login": login, "password": password})
            answers.append((answer.status_code, answer.headers.get("Location", "")))
        client.post(OFFICE, {"login": login, "password": password})
        page = client.get(CODE).text
        assert "密码正确" not in page
        assert staff.name not in page
        for _ in range(6):
            answer = client.post(CODE, {"code": "000000"})
            answers.append((answer.status_code, "登录名、密码或验证码不正确" in answer.text))
        seen.append(answers)
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][:7] == [(302, CODE)] * 5 + [(429, "")] * 2
    assert seen[0][7:] == [(400, True)] * 4 + [(429, False)] * 2


def test_right_code_does_not_help_a_wrong_password() -> None:
    staff = enrol_totp(make_staff(make_office()))
    client = Client()
    answer = enter_office(client, staff, password="wrong")
    assert answer.status_code == 400
    assert "_auth_user_id" not in client.session
    factor = staff.second_factor
    assert factor.last_step == -1, "the code is still good for its owner"


def test_reviewer_works_on_while_strangers_guess() -> None:
    staff = enrol_totp(make_staff(make_office()))
    browser = Client(REMOTE_ADDR=HOME)
    assert enter_office(browser, staff).status_code == 302
    browser.post("/logout/")
    for number in range(60):
        enter_office(Client(REMOTE_ADDR=f"203.0.113.{number % 8}"), staff, password="guess", code="000000")
    assert enter_office(browser, staff).status_code == 302
    assert enter_office(Client(REMOTE_ADDR=ELSEWHERE), staff).status_code == 302


def test_login_that_went_through_leaves_no_count() -> None:
    staff = enrol_totp(make_staff(make_office()))
    client = Client(REMOTE_ADDR=HOME)
    enter_office(client, staff, code="000000")
    for _ in range(3):
        client.post(OFFICE, {"login": staff.login, "password": PASSWORD})
    assert enter_office(client, staff).status_code == 302
    assert not LoginFailures.objects.filter(times__gt=4).exists()
    assert {row.source for row in LoginFailures.objects.all()} == {""}


# --- the code ---


def test_codes_guessed_elsewhere_keep_nobody_out(rf: RequestFactory) -> None:
    staff = enrol_totp(make_staff(make_office()))
    now = timezone.now()
    far = lockouts.source_of(rf.post(CODE, REMOTE_ADDR=ATTACKER), staff.login)
    near = lockouts.source_of(rf.post(CODE, REMOTE_ADDR=HOME), staff.login)
    assert [totp.verify(staff, "000000", now=now, source=far).is_locked for _ in range(5)] == [False] * 4 + [True]
    assert totp.verify(staff, totp.code_at(TOTP_SECRET, now), now=now, source=far).is_locked
    assert totp.verify(staff, totp.code_at(TOTP_SECRET, now), now=now, source=near).accepted


def test_flood_of_codes_leaves_recovery_codes_and_known_browsers(rf: RequestFactory) -> None:
    person = make_person()
    user = _user(person)
    browser = known_browser(person)
    now = timezone.now()
    codes = totp.confirm(user, secret=TOTP_SECRET, code=totp.code_at(TOTP_SECRET, now), now=now)
    for number in range(lockouts.FLOOD):
        request = rf.post(CODE, REMOTE_ADDR=f"10.0.{number // 250}.{number % 250}")
        totp.verify(user, "000000", now=now, source=lockouts.source_of(request, user.login))
    later = now + timedelta(seconds=30)
    new = lockouts.source_of(rf.post(CODE, REMOTE_ADDR=ELSEWHERE), user.login)
    assert not totp.verify(user, totp.code_at(TOTP_SECRET, later), now=later, source=new).accepted
    assert totp.verify(user, codes[0], now=later, source=new).accepted
    known = lockouts.source_of(_with_cookie(rf, cookie_of(browser)), user.login)
    assert totp.verify(user, totp.code_at(TOTP_SECRET, later), now=later, source=known).accepted


def test_old_counts_are_cleared_at_night() -> None:
    person = make_person()
    attack(person, 6, [ATTACKER])
    assert lockouts.forget_failures(now=timezone.now()) == 0
    assert lockouts.forget_failures(now=timezone.now() + timedelta(days=1, minutes=1)) == 2
