"""Guessing passwords: a locked login computes nothing, its owner is told once, others are not disturbed."""

from __future__ import annotations

import os
from datetime import timedelta
from itertools import cycle, islice
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.credentials import totp
from accounts.credentials.lockouts import MANY, TRIES_WHEN_MANY, lift
from accounts.credentials.password import Attempt, authenticate_person, authenticate_staff
from accounts.enums import Sphere
from accounts.models import Person, User
from accounts.staff.services import create_administrator, unlock_staff
from administration.models import Message, RequestCount
from administration.throttle import Limit
from tests.clock import later
from tests.factories import (
    PASSWORD,
    TOTP_SECRET,
    enrol_totp,
    log_in_at_office,
    make_id_number,
    make_office,
    make_person,
    make_staff,
)

pytestmark = pytest.mark.django_db
GUESSES = 10_000 if os.environ.get("CI") == "true" else 1_000
"""Minutes on a busy machine: the whole number where every change has to pass."""
ADDRESSES = [f"10.{high}.{low}.7" for high in range(10) for low in range(100)]


def guess(rf: RequestFactory, person: Person, password: str, address: str) -> Attempt:
    """By the whole chain of backends, as the login page does it."""
    request = rf.post("/login/", REMOTE_ADDR=address)
    return authenticate_person(request, id_number=person.id_number, password=password)


def log_in_from(person: Person, address: str) -> int:
    data = {"id_number": person.id_number, "password": PASSWORD}
    return int(Client(REMOTE_ADDR=address).post("/login/", data).status_code)


def test_ten_thousand_guesses_from_many_addresses(rf: RequestFactory) -> None:
    owner, other = make_person("张三丰"), make_person("李四光")
    with mock.patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as encode:
        for number, address in enumerate(islice(cycle(ADDRESSES), GUESSES)):
            attempt = guess(rf, owner, f"guess-{number}", address)
            assert attempt.user is None
    assert encode.call_count <= MANY + TRIES_WHEN_MANY * len(set(islice(cycle(ADDRESSES), GUESSES)))
    computed = encode.call_count
    assert all(guess(rf, owner, "guess", address).is_locked for address in ADDRESSES[:40])
    assert encode.call_count <= computed + TRIES_WHEN_MANY * 40
    told = list(Message.objects.filter(mailbox=owner.mailbox).values_list("title", flat=True))
    assert told == ["有人连续输错密码"], "one message, not ten thousand"
    assert not Message.objects.filter(mailbox=other.mailbox).exists()
    assert log_in_from(other, ADDRESSES[0]) == 302, "others from an address of the guesser"
    assert log_in_from(other, "192.0.2.9") == 302, "and from elsewhere"
    assert log_in_from(owner, "192.0.2.9") == 302, "and the owner, from an address that has guessed nothing"


def test_owner_is_told_once_a_day_and_again_at_the_next_login(rf: RequestFactory) -> None:
    owner = make_person()
    for day, expected in ((0, 1), (0.5, 1), (1.1, 2)):
        lift(owner.user.login)
        with later(days=day):
            for number in range(7):
                guess(rf, owner, f"guess-{number}", "192.0.2.1")
        assert Message.objects.filter(mailbox=owner.mailbox).count() == expected
    lift(owner.user.login)
    client = Client()
    client.post("/login/", {"id_number": owner.id_number, "password": PASSWORD})
    assert "有人连续输错您的密码" in client.get("/person/").text


def test_message_about_staff_names_the_login_in_the_mailbox_of_the_office(rf: RequestFactory) -> None:
    staff = make_staff(make_office())
    for number in range(6):
        authenticate_staff(rf.post("/office/login/"), login=staff.login, password=f"guess-{number}")
    message = Message.objects.get(mailbox=staff.office.mailbox)
    assert staff.login in message.title


def test_nobody_is_told_of_a_login_that_does_not_exist(rf: RequestFactory) -> None:
    request = rf.post("/login/")
    for _ in range(6):
        authenticate_person(request, id_number=make_id_number(996), password="x")
    assert not Message.objects.exists()


# --- one address, many logins ---


@pytest.fixture
def small_limit(fresh_windows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.credentials.password.FAILURES_OF_ADDRESS", Limit("login_failures", 10))


@pytest.mark.usefixtures("small_limit")
def test_address_that_tries_many_logins_is_slowed_down(rf: RequestFactory) -> None:
    people = [make_person() for _ in range(6)]
    for person in people[:5]:
        for password in ("Summer-2026", "Winter-2026"):
            assert not guess(rf, person, password, "192.0.2.1").is_throttled
    with mock.patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as encode:
        assert guess(rf, people[5], PASSWORD, "192.0.2.1").is_throttled
    assert encode.call_count == 0
    assert guess(rf, people[5], PASSWORD, "192.0.2.2").user == people[5].user
    client = Client(REMOTE_ADDR="192.0.2.1")
    answer = client.post("/login/", {"id_number": people[5].id_number, "password": PASSWORD})
    assert answer.status_code == 429
    assert "您所在网络的登录失败次数过多" in answer.text
    assert "您的账号没有被锁定" in answer.text


@pytest.mark.usefixtures("small_limit")
def test_address_of_a_town_hall_may_log_in_as_often_as_it_likes(rf: RequestFactory) -> None:
    person = make_person()
    for _ in range(25):
        assert guess(rf, person, PASSWORD, "192.0.2.1").user is not None


@pytest.mark.usefixtures("small_limit")
def test_hammering_one_locked_login_does_not_shut_out_the_neighbours(rf: RequestFactory) -> None:
    victim, neighbour = make_person(), make_person()
    for number in range(40):
        guess(rf, victim, f"guess-{number}", "192.0.2.1")
    assert guess(rf, neighbour, PASSWORD, "192.0.2.1").user is not None


@pytest.mark.usefixtures("small_limit")
def test_wait_ends_with_the_window(rf: RequestFactory) -> None:
    people = [make_person() for _ in range(6)]
    for person in people[:5]:
        for password in ("Summer-2026", "Winter-2026"):
            guess(rf, person, password, "192.0.2.1")
    RequestCount.objects.update(since=timezone.now() - timedelta(minutes=30))
    assert guess(rf, people[5], PASSWORD, "192.0.2.1").user is not None


# --- unlocking ---


def test_unlocking_lifts_both_locks_at_once(client: Client) -> None:
    staff = enrol_totp(make_staff(make_office()))
    for _ in range(5):
        client.post("/office/login/", {"login": staff.login, "password": "x"})
    now = timezone.now()
    for _ in range(5):
        check = totp.verify(staff, "000000", now=now)
    assert check.is_locked
    assert client.post("/office/login/", {"login": staff.login, "password": "x"}).status_code == 429
    security = create_administrator(login="sec.one", name="安全", sphere=Sphere.SECURITY_ADMIN, password=PASSWORD)
    unlock_staff(staff, reason="本人到场", by=security)
    assert log_in_at_office(client, staff).url == "/office/"
    assert staff.second_factor.secret == TOTP_SECRET


def test_locked_code_says_so_on_the_page_with_429() -> None:
    staff = enrol_totp(make_staff(make_office()))
    client: Any = Client()
    client.post("/office/login/", {"login": staff.login, "password": PASSWORD})
    answers = [client.post("/office/login/code/", {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [400, 400, 400, 400, 429, 429]
    assert User.objects.get(pk=staff.pk).is_active
