"""Sessions end when idle or old, staff have one at a time, everybody can end the others; and the browser is told why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.test import Client, override_settings
from django.utils import timezone

from accounts.access import login_sessions
from accounts.access.tasks import clear_expired_sessions
from accounts.credentials import totp
from accounts.credentials.passwords import reset_password
from accounts.enums import SessionEnd, Sphere
from accounts.models import LoginSession, Person, User
from accounts.staff.services import create_administrator
from tests.clock import later
from tests.concurrency import at_once
from tests.factories import PASSWORD, TOTP_SECRET, enrol_totp, log_in_at_office, make_office, make_person, make_staff

pytestmark = pytest.mark.django_db
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


def log_in(person: Person, client: Client | None = None) -> Client:
    client = client or Client(headers={"user-agent": WINDOWS})
    assert client.post("/login/", {"id_number": person.id_number, "password": PASSWORD}).status_code == 302
    return client


# --- idle and old ---


@pytest.mark.parametrize(("minutes", "still"), [(59, True), (61, False)])
def test_session_of_a_person_ends_after_an_hour_without_a_page(minutes: int, still: bool) -> None:
    client = log_in(make_person())
    with later(minutes=minutes):
        answer = client.get("/person/")
    assert (answer.status_code == 200) is still
    if not still:
        assert answer.url == "/login/?next=%2Fperson%2F"
        assert "长时间没有操作，已自动退出" in client.get(answer.url).text
        assert LoginSession.objects.get().ended_why == SessionEnd.IDLE
        assert not Session.objects.filter(pk=LoginSession.objects.get().session_key).exists()


@pytest.mark.parametrize(("minutes", "still"), [(29, True), (31, False)])
def test_session_of_staff_ends_after_half_an_hour(client: Client, minutes: int, still: bool) -> None:
    log_in_at_office(client, make_staff(make_office()))
    with later(minutes=minutes):
        assert (client.get("/office/security/").status_code == 200) is still


def test_limits_are_settings(client: Client) -> None:
    log_in(make_person(), client)
    with override_settings(SESSION_IDLE_MINUTES={"staff": 5, "others": 10}), later(minutes=11):
        assert client.get("/person/").status_code == 302


def test_every_page_begins_the_time_anew_but_no_session_lasts_longer_than_a_working_day() -> None:
    client = log_in(make_person())
    for hour in range(1, 16):
        with later(minutes=30 * hour):
            assert client.get("/person/").status_code == 200, hour
    with later(hours=8, seconds=1):
        answer = client.get("/person/")
        assert answer.status_code == 302
        assert "登录时间已满" in client.get(answer.url).text


def test_what_a_page_asks_by_itself_does_not_keep_the_session(client: Client) -> None:
    log_in(make_person(), client)
    for minutes in (20, 40):
        with later(minutes=minutes):
            assert client.get("/session/", headers={"x-requested-with": "fetch"}).json()["seconds"] > 0
    with later(minutes=61):
        assert client.get("/session/", headers={"x-requested-with": "fetch"}).json() == {"seconds": 0}


def test_reader_says_that_they_are_there(client: Client) -> None:
    log_in(make_person(), client)
    with later(minutes=50):
        assert client.get("/session/", headers={"x-requested-with": "fetch"}).json()["seconds"] <= 600
        assert client.post("/session/", headers={"x-requested-with": "fetch"}).json()["seconds"] > 3500
    with later(minutes=100):
        assert client.get("/person/").status_code == 200
    assert Client().get("/session/").json() == {"seconds": 0}


def test_page_says_the_limit_in_plain_text_and_for_the_script(client: Client) -> None:
    log_in(make_person(), client)
    page = client.get("/person/").text
    assert 'data-idle="3600"' in page
    assert "长时间没有操作会自动退出（60 分钟）" in page
    assert "data-idle" not in Client().get("/").text


def test_session_without_clocks_is_over(client: Client) -> None:
    log_in(make_person(), client)
    session = client.session
    del session["seen"]
    session.save()
    assert client.get("/person/").status_code == 302


def test_form_that_staff_sent_too_late_comes_back_after_both_steps(client: Client) -> None:
    staff = enrol_totp(make_staff(make_office()))
    log_in_at_office(client, staff)
    with later(minutes=31):
        late = client.post("/security/sessions/end/", {"remark": "写了很久的审核意见"})
        assert late.url.startswith("/office/login/"), "the door by which one came in"
        client.post("/office/login/", {"login": staff.login, "password": PASSWORD})
        code = totp.code_at(TOTP_SECRET, timezone.now())
        assert client.post("/office/login/code/", {"code": code}).url == "/resume/"
        assert 'value="写了很久的审核意见"' in client.get("/resume/").text


# --- one at a time ---


def test_new_login_of_staff_ends_the_older_one_and_both_are_told() -> None:
    staff = make_staff(make_office())
    older, newer = Client(), Client()
    log_in_at_office(older, staff)
    log_in_at_office(newer, staff)
    answer = older.get("/office/security/")
    assert answer.status_code == 302
    assert "刚在另一处登录，这里已退出" in older.get(answer.url).text
    assert "在另一处的登录已经退出" in newer.get("/office/security/").text


def test_reason_is_told_on_whatever_page_comes_next_and_once() -> None:
    staff = make_staff(make_office())
    older = Client()
    log_in_at_office(older, staff)
    log_in_at_office(Client(), staff)
    assert "刚在另一处登录" in older.get("/").text
    assert "刚在另一处登录" not in older.get("/").text


def test_administrators_have_one_session_persons_several() -> None:
    admin = create_administrator(
        login="one.only", name="审计", sphere=Sphere.AUDIT_ADMIN, password=PASSWORD, must_change_password=False
    )
    person = make_person()
    first, second = log_in(person), log_in(person)
    assert first.get("/person/").status_code == second.get("/person/").status_code == 200
    clients = Client(), Client()
    for each in clients:
        log_in_at_office(each, admin)
    assert [each.get("/office/security/").status_code for each in clients] == [302, 200]


def test_database_refuses_a_second_session_of_staff() -> None:
    staff = make_staff(make_office())
    LoginSession.objects.create(user=staff, session_key="a", is_exclusive=True)
    with pytest.raises(IntegrityError, match="staff_have_one_session"):
        LoginSession.objects.create(user=staff, session_key="b", is_exclusive=True)


@pytest.mark.django_db(transaction=True)
def test_of_ten_logins_at_once_one_session_is_left() -> None:
    staff = make_staff(make_office())
    now = timezone.now()

    def open_one(number: int) -> Any:
        return lambda: login_sessions.open_session(staff, key=f"key{number}", address=None, browser="", now=now)

    ended = at_once([open_one(number) for number in range(10)])
    assert sorted(map(str, ended)) == ["0"] + ["1"] * 9
    assert LoginSession.objects.filter(ended_at__isnull=True).count() == 1


# --- everywhere ---


def test_own_sessions_are_listed_and_ended_one_by_one_or_all() -> None:
    person = make_person()
    here, there, elsewhere = log_in(person), log_in(person), log_in(person, Client())
    page = here.get("/person/security/").text
    assert page.count("Windows · Chrome") == 2
    assert page.count("其他浏览器") == 1
    assert page.count("就是这里") == 1
    row = LoginSession.objects.get(session_key=there.session.session_key)
    here.post("/security/sessions/end/", {"session": row.pk})
    assert [each.get("/person/").status_code for each in (here, there, elsewhere)] == [200, 302, 200]
    here.post("/security/sessions/end/")
    assert [each.get("/person/").status_code for each in (here, elsewhere)] == [200, 302]
    assert LoginSession.objects.filter(ended_why=SessionEnd.EVERYWHERE).count() == 2


def test_sessions_of_somebody_else_are_out_of_reach() -> None:
    mine, theirs = log_in(make_person()), log_in(make_person())
    row = LoginSession.objects.get(session_key=theirs.session.session_key)
    mine.post("/security/sessions/end/", {"session": row.pk})
    mine.post("/security/sessions/end/", {"session": "x'"})
    assert theirs.get("/person/").status_code == 200


def test_what_names_no_session_ends_none() -> None:
    person = make_person()
    here, there = log_in(person), log_in(person)
    for absurd in ("9" * 5000, "9" * 19, "0", "-1", "４２", "1 OR 1=1", ""):
        page = here.post("/security/sessions/end/", {"session": absurd}, follow=True)
        assert (page.status_code, "没有其他登录" in page.text) == (200, True), absurd
    assert there.get("/person/").status_code == 200


def test_change_of_the_password_keeps_this_session_and_ends_the_others() -> None:
    person = make_person()
    here, there = log_in(person), log_in(person)
    new = "Shan-gao-shui-chang"
    here.post("/password/", {"old_password": PASSWORD, "new_password": new, "repeated_password": new})
    assert here.get("/person/security/").text.count("就是这里") == 1
    answer = there.get("/person/")
    assert "密码已修改，请用新密码登录" in there.get(answer.url).text


def test_reset_ends_all_and_says_so() -> None:
    person = make_person()
    client = log_in(person)
    reset_password(person, by=make_staff(make_office()))
    assert "已重置，请重新登录" in client.get(client.get("/person/").url).text


def test_disabled_account_is_out_and_told() -> None:
    administrator = User.objects.create(login="sysadmin", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员")
    staff = make_staff(make_office())
    client, registry = Client(), Client()
    log_in_at_office(client, staff)
    registry.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    registry.post(f"/office/registry/accounts/user/{staff.pk}/change/", {"name": staff.name, "office": staff.office_id})
    assert "账号已停用" in client.get(client.get("/office/").url).text


def test_own_logout_is_not_explained() -> None:
    client = log_in(make_person())
    client.post("/logout/")
    assert LoginSession.objects.get().ended_why == SessionEnd.LOGOUT
    assert "已退出登录" not in client.get("/").text


def test_old_rows_are_forgotten_by_night() -> None:
    log_in(make_person())
    LoginSession.objects.update(started_at=timezone.now() - timedelta(days=31))
    clear_expired_sessions(timestamp=0)
    assert not LoginSession.objects.exists()


def test_ordinary_pages_pay_no_query_for_their_session_rules(django_assert_num_queries: Any) -> None:
    client = log_in(make_person())
    with django_assert_num_queries(2):
        client.get("/session/")
