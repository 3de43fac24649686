from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import signals
from accounts.access import sessions
from accounts.credentials.passwords import reset_password
from accounts.enums import Duty, Sphere
from accounts.models import LoginFailures, Person, User
from accounts.people.identity import id_number_index, login_of
from accounts.staff.services import create_administrator
from administration.enums import OfficeKind
from administration.models import AuditEntry
from tests.clock import Clock, later
from tests.factories import (
    PASSWORD,
    enrol_totp,
    log_in_at_office,
    make_counter_code,
    make_id_number,
    make_office,
    make_person,
    make_staff,
    next_code,
)

pytestmark = pytest.mark.django_db

LOGIN = "/login/"


def log_in(client: Client, person: Person, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"id_number": person.id_number, "password": password, **more})


def test_addresses_are_those_that_were_agreed() -> None:
    assert reverse("accounts:login") == "/login/"
    assert reverse("accounts:office_login") == "/office/login/"
    assert reverse("accounts:person_home") == "/person/"
    assert reverse("accounts:profile") == "/person/profile/"
    assert reverse("accounts:photo") == "/person/photo/"
    assert reverse("accounts:mobile_login") == "/m/login/"


@pytest.mark.parametrize("page", ["/login/", "/m/login/", "/office/login/"])
def test_login_page_opens(client: Client, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 200
    assert 'autocomplete="current-password"' in response.text


def test_person_logs_in_and_comes_home(client: Client) -> None:
    response = log_in(client, make_person("欧阳·热合曼"))
    assert response.status_code == 302
    assert response.url == "/person/"
    assert "欧阳·热合曼" in client.get("/person/").text


def test_number_may_be_typed_with_blanks_full_width_digits_and_a_small_x(client: Client) -> None:
    number = next(n for n in (make_id_number(serial) for serial in range(1, 200)) if n.endswith("X"))
    make_person(id_number=number)
    typed = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else " x" for c in number)
    assert client.post(LOGIN, {"id_number": typed, "password": PASSWORD}).status_code == 302


def test_old_number_of_fifteen_digits_logs_in(client: Client) -> None:
    number = make_person().id_number
    response = client.post(LOGIN, {"id_number": number[:6] + number[8:17], "password": PASSWORD})
    assert response.status_code == 302


def test_next_is_followed_only_within_the_portal(client: Client) -> None:
    person = make_person()
    assert log_in(client, person, next="/person/photo/").url == "/person/photo/"
    for foreign in ("https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org"):
        client.post("/logout/")
        assert log_in(client, person, next=foreign).url == "/person/"


def test_wrong_password_and_unknown_number_get_the_same_page(client: Client) -> None:
    person = make_person()
    wrong = log_in(client, person, "falsch-2026")
    unknown = client.post(LOGIN, {"id_number": make_id_number(999), "password": "falsch-2026"})
    assert wrong.status_code == unknown.status_code == 400
    assert "身份证号码或密码不正确" in wrong.text

    def without_what_was_typed(text: str) -> list[str]:
        return [
            line for line in text.splitlines() if "csrfmiddlewaretoken" not in line and 'name="id_number"' not in line
        ]

    assert without_what_was_typed(wrong.text) == without_what_was_typed(unknown.text)
    assert reverse("accounts:registration_points") in unknown.text


def test_unknown_number_costs_a_hash_like_a_wrong_password(client: Client) -> None:
    person = make_person()
    with mock.patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as encode:
        log_in(client, person, "falsch-2026")
        known = encode.call_count
        client.post(LOGIN, {"id_number": make_id_number(998), "password": "falsch-2026"})
    assert known == 1
    assert encode.call_count == 2


def test_mistyped_number_is_told_at_its_field(client: Client) -> None:
    response = client.post(LOGIN, {"id_number": "36010219850615001", "password": PASSWORD})
    assert response.status_code == 400
    assert "现为17位" in response.text


def test_five_failures_lock_the_login_and_say_the_way_out(client: Client) -> None:
    person, other = make_person(), make_person()
    for _ in range(4):
        assert log_in(client, person, "falsch-2026").status_code == 400
    fifth = log_in(client, person, "falsch-2026")
    assert fifth.status_code == 429
    right = log_in(client, person)
    assert right.status_code == 429
    assert "这里暂时不能登录这个账号" in right.text
    assert re.search(r"请在(\d+月\d+日 )?\d\d:\d\d以后再试", right.text)
    assert "其他网络不受影响" in right.text
    assert "重置密码" in right.text
    assert log_in(Client(), other).status_code == 302, "only this login is locked, not the whole address"


def test_unknown_number_is_locked_like_a_known_one(client: Client) -> None:
    for _ in range(4):
        client.post(LOGIN, {"id_number": make_id_number(997), "password": "x"})
    assert client.post(LOGIN, {"id_number": make_id_number(997), "password": "x"}).status_code == 429


def test_lockout_ends_after_fifteen_minutes(client: Client) -> None:
    person = make_person()
    for _ in range(5):
        log_in(client, person, "falsch-2026")
    LoginFailures.objects.update(until=F("until") - timedelta(minutes=14))
    assert log_in(client, person).status_code == 429
    LoginFailures.objects.update(until=F("until") - timedelta(minutes=2))
    assert log_in(client, person).status_code == 302


def test_reset_at_the_counter_lifts_the_lockout_at_once(client: Client) -> None:
    person = make_person()
    for _ in range(5):
        log_in(client, person, "falsch-2026")
    clerk = make_staff(make_office(kind=OfficeKind.REGISTRATION), Duty.REGISTER)
    password = reset_password(person, by=clerk)
    assert log_in(client, person, password).url == "/password/"


def test_number_is_in_no_table_in_clear_after_failures(client: Client) -> None:
    person = make_person()
    log_in(client, person, "falsch-2026")
    kept = str(list(LoginFailures.objects.values()))
    assert person.id_number not in kept
    assert "falsch-2026" not in kept
    assert id_number_index(person.id_number) not in kept
    assert login_of(person.id_number) not in kept
    assert "127.0.0.1" not in kept


def test_session_gets_a_new_key_at_login(client: Client) -> None:
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    log_in(client, make_person())
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_login_as_somebody_else_ends_the_former_session(client: Client) -> None:
    staff = make_staff(make_office(), Duty.REVIEW)
    log_in(client, make_person())
    former = client.session.session_key
    page = client.get("/office/login/")
    assert "继续登录将退出这个账号" in page.text
    log_in_at_office(client, staff)
    assert not Session.objects.filter(pk=former).exists()
    assert client.get("/person/").status_code == 403


def test_logged_in_person_is_sent_on_from_the_login_page(client: Client) -> None:
    log_in(client, make_person())
    assert client.get(LOGIN).url == "/person/"
    assert client.get("/login/?next=/person/photo/").url == "/person/photo/"


def test_logout_needs_a_post_and_ends_the_session(client: Client) -> None:
    log_in(client, make_person())
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == "/"
    assert client.get("/person/").url.startswith("/login/")


def test_disabled_account_cannot_log_in_and_is_out_at_once(client: Client) -> None:
    person = make_person()
    log_in(client, person)
    User.objects.filter(pk=person.user_id).update(is_active=False)
    assert client.get("/person/").status_code == 302
    assert log_in(Client(), person).status_code == 400


def test_login_is_told_to_other_apps_and_their_failure_keeps_nobody_out(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    person = make_person()
    told: list[int] = []

    def listen(sender: object, person: Person, **_: object) -> None:
        told.append(person.pk)
        raise LookupError("the register does not answer")

    signals.person_logged_in.connect(listen)
    try:
        assert log_in(client, person).status_code == 302
    finally:
        signals.person_logged_in.disconnect(listen)
    assert told == [person.pk]
    assert "the register does not answer" in caplog.text


def test_staff_log_in_by_name(client: Client) -> None:
    staff = make_staff(make_office(), Duty.REVIEW)
    enrol_totp(staff)
    response = client.post("/office/login/", {"login": f" {staff.login.upper()} ", "password": PASSWORD})
    assert response.url == "/office/login/code/"
    assert client.post("/office/login/code/", {"code": next_code(staff)}).url == "/office/"
    assert AuditEntry.objects.filter(action="login", actor_id=staff.pk).exists()


def test_administrators_use_the_same_door(client: Client) -> None:
    create_administrator(login="audit.admin", name="审计", sphere=Sphere.AUDIT_ADMIN, password=PASSWORD)
    response = log_in_at_office(client, User.objects.get(login="audit.admin"))
    assert response.url == "/password/", "a password that somebody else chose is changed first"


def test_person_does_not_get_in_by_the_staff_door(client: Client) -> None:
    person = make_person()
    assert person.user is not None
    client.post("/office/login/", {"login": person.user.login, "password": PASSWORD})
    assert client.post("/office/login/code/", {"code": "123456"}).status_code == 400
    assert client.get("/person/").status_code == 302


def test_staff_lockout_names_the_system_administrator(client: Client) -> None:
    staff = make_staff(make_office())
    for _ in range(6):
        response = client.post("/office/login/", {"login": staff.login, "password": "x"})
    assert response.status_code == 429
    assert "系统管理员" in response.text


def test_forms_of_a_login_are_protected_against_other_sites() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"id_number": make_id_number(), "password": PASSWORD}).status_code == 403


def test_pages_of_a_login_are_never_stored_by_the_browser(client: Client) -> None:
    log_in(client, make_person())
    assert "no-store" in client.get("/person/")["Cache-Control"]


# --- the phone ---


def test_phone_login_leads_to_the_phone_pages(client: Client) -> None:
    person = make_person()
    response = client.post("/m/login/", {"id_number": person.id_number, "password": PASSWORD})
    assert response.url == "/m/"


def test_second_verification_lasts_ten_minutes(client: Client, rf: Any, clock: Clock) -> None:
    clock.stop_at(timezone.now())
    person = make_person()
    log_in(client, person)

    def verified() -> bool:
        request = rf.get("/m/")
        request.session, request.user = client.session, person.user
        return sessions.is_verified(request)

    assert not verified()
    response = client.post("/m/verify/", {"code": make_counter_code(person), "next": "/m/"})
    assert response.url == "/m/"
    assert verified()
    with later(minutes=9, seconds=59):
        assert verified()
    with later(minutes=10, seconds=1):
        assert not verified()


def test_second_verification_is_bound_to_the_user(client: Client, rf: Any) -> None:
    person = make_person()
    log_in(client, person)
    client.post("/m/verify/", {"code": make_counter_code(person)})
    request = rf.get("/m/")
    request.session, request.user = client.session, make_person().user
    assert not sessions.is_verified(request)


# --- the initial password ---


def initial(password: str = "abcd2345efgh", **fields: Any) -> Person:
    person = make_person(**fields)
    assert person.user is not None
    person.user.set_password(password)
    person.user.must_change_password = True
    person.user.save()
    return person


def test_initial_password_is_changed_before_anything_else(client: Client) -> None:
    person = initial()
    response = log_in(client, person, "abcd2345efgh", next="/person/photo/")
    assert response.url == "/password/?next=%2Fperson%2Fphoto%2F"
    assert client.get("/person/profile/?a=1").url == "/password/?next=%2Fperson%2Fprofile%2F%3Fa%3D1"
    assert client.get("/").url == "/password/?next=%2F"
    assert client.post("/person/profile/", {"phone": "13800000000"}).url == "/password/"
    page = client.get(response.url)
    assert "请先修改初始密码" in page.text
    assert "现在的密码" not in page.text
    changed = client.post(
        "/password/",
        {"new_password": "Shan-gao-shui-chang", "repeated_password": "Shan-gao-shui-chang", "next": "/person/photo/"},
    )
    assert changed.url == "/person/photo/"
    assert client.get("/person/photo/").status_code == 200, "the session goes on"
    assert log_in(Client(), person, "abcd2345efgh").status_code == 400
    assert log_in(Client(), person, "Shan-gao-shui-chang").url == "/person/"


def test_who_has_an_initial_password_may_still_log_out(client: Client) -> None:
    log_in(client, initial(), "abcd2345efgh")
    assert client.post("/logout/").url == "/"


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("kurz-26", "至少"),
        ("1234567890123", "数字"),
        ("password1234", "常见"),
        ("abcd2345efgh", "与现在的密码相同"),
        ("Zhang-19850615", "出生日期"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(client: Client, password: str, sentence: str) -> None:
    log_in(client, initial(), "abcd2345efgh")
    response = client.post("/password/", {"new_password": password, "repeated_password": password})
    assert response.status_code == 400
    assert sentence in response.text


def test_repeated_password_must_be_the_same(client: Client) -> None:
    log_in(client, initial(), "abcd2345efgh")
    response = client.post("/password/", {"new_password": "Shan-gao-1", "repeated_password": "Shan-gao-2"})
    assert response.status_code == 400
    assert "两次输入的密码不一致" in response.text


def test_later_change_asks_for_the_present_password_and_ends_other_sessions(client: Client) -> None:
    person = make_person()
    log_in(client, person)
    elsewhere = Client()
    log_in(elsewhere, person)
    data = {"old_password": "x", "new_password": "Shan-gao-shui-chang", "repeated_password": "Shan-gao-shui-chang"}
    wrong = client.post("/password/", data)
    assert wrong.status_code == 400
    assert "现在的密码不正确" in wrong.text
    right = client.post("/password/", data | {"old_password": PASSWORD})
    assert right.url == "/person/"
    assert client.get("/person/").status_code == 200
    assert elsewhere.get("/person/").status_code == 302


def test_reset_ends_all_sessions(client: Client) -> None:
    person = make_person()
    log_in(client, person)
    reset_password(person, by=make_staff(make_office(kind=OfficeKind.REGISTRATION), Duty.REGISTER))
    assert client.get("/person/").status_code == 302


def test_login_takes_a_fixed_number_of_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    person = make_person()
    with django_assert_max_num_queries(25):
        log_in(client, person)
