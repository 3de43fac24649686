from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, include, path

from accounts import urls
from accounts.access.decorators import (
    Access,
    admin_required,
    operator_required,
    person_required,
    public,
    signed_in_required,
    staff_required,
    verified_required,
)
from accounts.enums import Duty, Sphere
from accounts.kiosk import urls as kiosk_urls
from accounts.models import User
from tests.clock import later
from tests.factories import (
    PASSWORD,
    make_counter_code,
    make_enterprise,
    make_office,
    make_operator,
    make_person,
    make_staff,
)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"open {sorted(request.POST.items())}")


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"got {request.POST.get('remark', '')}")


enterprise_urls = ([path("login/", public(page), name="login"), path("", public(page), name="home")], "enterprises")
urlpatterns = [
    path("", include("jxcloud.urls")),
    path("t/public/", public(page)),
    path("t/person/", person_required(echo)),
    path("t/staff/", staff_required()(page)),
    path("t/review/", staff_required(Duty.REVIEW)(page)),
    path("t/either/", staff_required([Duty.REVIEW, Duty.DECIDE])(page)),
    path("t/operator/", operator_required(page)),
    path("t/admin/", admin_required()(page)),
    path("t/audit/", admin_required(Sphere.AUDIT_ADMIN)(page)),
    path("t/any/", signed_in_required()(page)),
    path("m/t/verified/", verified_required(echo)),
    path("t/undeclared/", page),
    path("enterprise/", include(enterprise_urls)),
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pages() -> Any:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def users() -> dict[str, User]:
    made: dict[str, User] = {
        "person": make_person().user,
        "operator": make_operator(make_enterprise()),
        "staff": make_staff(make_office(), Duty.COUNTER),
        "reviewer": make_staff(make_office(), Duty.REVIEW),
    }
    for sphere in (Sphere.SYSTEM_ADMIN, Sphere.AUDIT_ADMIN):
        made[sphere.value] = User.objects.create(login=sphere.value, sphere=sphere, name=str(sphere.label))
    return made


OPEN = {
    "/t/public/": {"person", "operator", "staff", "reviewer", "system_admin", "audit_admin"},
    "/t/any/": {"person", "operator", "staff", "reviewer", "system_admin", "audit_admin"},
    "/t/person/": {"person"},
    "/t/operator/": {"operator"},
    "/t/staff/": {"staff", "reviewer"},
    "/t/review/": {"reviewer"},
    "/t/either/": {"reviewer"},
    "/t/admin/": {"system_admin", "audit_admin"},
    "/t/audit/": {"audit_admin"},
}


def test_each_page_opens_for_those_it_names_and_for_nobody_else() -> None:
    for name, user in users().items():
        client = as_user(user)
        for address, allowed in OPEN.items():
            assert client.get(address).status_code == (200 if name in allowed else 403), (name, address)


@pytest.mark.parametrize(
    ("address", "login"),
    [
        ("/t/person/", "/login/"),
        ("/m/t/verified/", "/m/login/"),
        ("/t/operator/", "/enterprise/login/"),
        ("/t/staff/", "/office/login/"),
        ("/t/admin/", "/office/login/"),
        ("/t/any/", "/login/"),
    ],
)
def test_stranger_is_sent_to_the_login_of_that_door_and_comes_back(client: Client, address: str, login: str) -> None:
    response = client.get(f"{address}?page=2")
    assert response.status_code == 302
    assert response.url == f"{login}?next={address.replace('/', '%2F')}%3Fpage%3D2"


def test_refusal_says_whose_page_it_is_and_who_one_is() -> None:
    response = as_user(users()["person"]).get("/t/operator/")
    assert "这个页面属于企业服务平台，您现在以“个人”身份登录。" in response.text
    response = as_user(make_staff(make_office(), Duty.COUNTER)).get("/t/review/")
    assert "需要“地市审核”职责" in response.text


def test_rule_can_be_read_from_the_view() -> None:
    assert staff_required([Duty.REVIEW, Duty.DECIDE])(page).access == Access(  # type: ignore[attr-defined]
        frozenset({Sphere.STAFF}), frozenset({Duty.REVIEW, Duty.DECIDE})
    )
    assert str(public(page).access) == "public"  # type: ignore[attr-defined]
    assert str(staff_required(Duty.REVIEW)(page).access) == "staff, duty review"  # type: ignore[attr-defined]
    assert str(verified_required(page).access) == "person, verified"  # type: ignore[attr-defined]


def test_every_address_of_this_app_declares_its_rule() -> None:
    undeclared = [
        pattern.name
        for pattern in (*urls.urlpatterns, *kiosk_urls.urlpatterns)
        if isinstance(pattern, URLPattern) and not hasattr(pattern.callback, "access")
    ]
    assert undeclared == []


def test_verified_page_asks_for_the_second_verification_first() -> None:
    person = make_person()
    client = as_user(person.user)
    assert client.get("/m/t/verified/").url == "/m/verify/?next=%2Fm%2Ft%2Fverified%2F"
    assert (
        client.post("/m/verify/", {"code": make_counter_code(person), "next": "/m/t/verified/"}).url == "/m/t/verified/"
    )
    assert client.get("/m/t/verified/").status_code == 200


# --- a login that expired in mid-form ---


def expired(client: Client) -> None:
    """As the browser is after eight hours: no session, but the cookie that tells whose it was."""
    client.session.flush()
    del client.cookies["sessionid"]


def logged_in_by_password(client: Client, person: Any, **more: str) -> Any:
    return client.post("/login/", {"id_number": person.id_number, "password": PASSWORD, **more})


def test_form_of_an_expired_login_is_kept_for_its_owner(client: Client) -> None:
    person = make_person()
    logged_in_by_password(client, person)
    expired(client)
    late = client.post("/t/person/?step=2", {"remark": "写了很久的说明", "tags": ["a", "b"], "password": "x"})
    assert late.url == "/login/"
    assert "写了很久的说明" not in str(client.session.items()), "encrypted"
    back = logged_in_by_password(client, person)
    assert back.url == "/resume/"
    shown = client.get("/resume/").text
    assert "您填写的内容还在" in shown
    assert 'action="/t/person/?step=2"' in shown
    assert '<input type="hidden" name="remark" value="写了很久的说明">' in shown
    assert shown.count('name="tags"') == 2
    assert 'name="password"' not in shown
    again = client.post("/t/person/?step=2", {"remark": "写了很久的说明"})
    assert again.text == "got 写了很久的说明"
    assert client.get("/resume/").url == "/person/", "what has arrived is not offered again"


def test_form_is_never_shown_to_the_next_person_at_the_same_computer(client: Client) -> None:
    owner, next_person = make_person(), make_person("李大明")
    logged_in_by_password(client, owner)
    expired(client)
    client.post("/t/person/", {"remark": "只给本人看"})
    assert logged_in_by_password(client, next_person).url == "/person/"
    assert client.get("/resume/").url == "/person/"
    client.post("/logout/")
    assert logged_in_by_password(client, owner).url == "/person/", "thrown away"


def test_nothing_is_kept_for_a_stranger_or_after_logging_out(client: Client) -> None:
    assert client.post("/t/person/", {"remark": "?"}).url == "/login/"
    assert dict(client.session) == {}
    person = make_person()
    logged_in_by_password(client, person)
    client.post("/logout/")
    client.post("/t/person/", {"remark": "?"})
    assert logged_in_by_password(client, person).url == "/person/"


def test_kept_form_is_thrown_away_on_request_and_leads_back_to_its_page(client: Client) -> None:
    person = make_person()
    logged_in_by_password(client, person)
    expired(client)
    late = client.post("/t/person/", {"remark": "x"}, headers={"referer": "http://testserver/person/profile/"})
    assert late.url == "/login/?next=%2Fperson%2Fprofile%2F"
    response = logged_in_by_password(client, person, next="/person/profile/")
    assert response.url == "/resume/?next=%2Fperson%2Fprofile%2F"
    assert client.post("/resume/", {"next": "/person/profile/"}).url == "/person/profile/"
    assert client.get("/resume/").url == "/person/"


def test_files_cannot_be_kept_and_the_page_says_so(client: Client) -> None:
    person = make_person()
    logged_in_by_password(client, person)
    expired(client)
    with open(__file__, "rb") as scan:
        client.post("/t/person/", {"remark": "x", "scan": scan})
    logged_in_by_password(client, person)
    shown = client.get("/resume/").text
    assert "选择的文件不能保留" in shown
    assert Path(__file__).name in shown


def test_form_is_kept_for_half_an_hour(client: Client) -> None:
    person = make_person()
    logged_in_by_password(client, person)
    expired(client)
    client.post("/t/person/", {"remark": "x"})
    with later(minutes=31):
        assert logged_in_by_password(client, person).url == "/person/"


def test_form_of_a_page_that_is_not_open_to_the_user_is_not_offered(client: Client) -> None:
    person = make_person()
    logged_in_by_password(client, person)
    expired(client)
    client.post("/t/staff/", {"remark": "x"})
    assert logged_in_by_password(client, person).url == "/person/"


def test_very_long_content_is_not_kept(client: Client) -> None:
    person = make_person()
    logged_in_by_password(client, person)
    expired(client)
    client.post("/t/person/", {"remark": "长" * 300_000})
    assert logged_in_by_password(client, person).url == "/person/"


def test_form_sent_after_the_verification_lapsed_is_kept_too() -> None:
    person = make_person()
    client = as_user(person.user)
    assert client.post("/m/t/verified/", {"remark": "同意"}).url == "/m/verify/"
    assert client.post("/m/verify/", {"code": make_counter_code(person)}).url == "/resume/"
    assert 'name="remark" value="同意"' in client.get("/resume/").text
    assert client.post("/m/t/verified/", {"remark": "同意"}).text == "got 同意"
