"""What a password must be: every reason at once, one sentence each."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.credentials.passwords import change_password, reset_password
from accounts.enums import Sphere
from accounts.models import FormerPassword, User
from accounts.people.rules import password_findings, password_help
from accounts.staff.services import create_administrator
from common.findings import Refused
from tests.factories import PASSWORD, make_office, make_person, make_staff

pytestmark = pytest.mark.django_db
GOOD = ["Shan-gao-1", "Shui-chang-2", "Feng-qing-3", "Yun-dan-4", "Yue-bai-55", "Hua-hong-66", "Liu-lv-777"]


def codes(password: str, user: User) -> list[str]:
    person = user.person if user.sphere == Sphere.PERSON else None
    return [finding.code for finding in password_findings(password, user=user, person=person)]


def person_user(name: str = "张晓明") -> User:
    user = make_person(name, phone="13907912345").user
    assert user is not None
    return user


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Abc-123", "password.short"),
        ("80517294630", "password.weak.password_entirely_numeric"),
        ("password1234", "password.weak.password_too_common"),
        ("ab-19850615", "password.id_number"),
        ("jia-360102-x", "password.id_number"),
        ("tel-912345-ok", "password.phone"),
        ("我是张晓明呀一二三", "password.name"),
        (PASSWORD, "password.same"),
    ],
)
def test_each_rule_of_persons(password: str, code: str) -> None:
    assert codes(password, person_user()) == [code]


def test_eight_characters_are_enough_for_persons_ten_for_staff() -> None:
    staff = make_staff(make_office())
    admin = create_administrator(login="adm.one", name="审计", sphere=Sphere.AUDIT_ADMIN, password=PASSWORD)
    assert codes("Ab-1x9-z", person_user()) == []
    for user in (staff, admin):
        assert codes("Ab-1x9-zq", user) == ["password.short"]
        assert codes("Ab-1x9-zqw", user) == []
    assert "至少10个字符" in password_help(staff)


def test_staff_do_not_use_their_login() -> None:
    assert codes("x-adm.one-99", User(login="adm.one", sphere=Sphere.STAFF, name="王敏")) == ["password.login"]


def test_all_reasons_at_once() -> None:
    user = person_user("ab")
    assert codes("850615", user) == ["password.short", "password.weak.password_entirely_numeric", "password.id_number"]


def test_last_five_are_not_taken_again_and_the_sixth_is() -> None:
    user = person_user()
    now = timezone.now()
    for password in GOOD[:6]:
        change_password(user, password, now=now)
    with pytest.raises(Refused, match="与现在的密码相同"):
        change_password(user, GOOD[5], now=now)
    for password in GOOD[:5]:
        with pytest.raises(Refused, match="最近5次内用过"):
            change_password(user, password, now=now)
    change_password(user, PASSWORD, now=now)
    assert FormerPassword.objects.filter(user=user).count() == 5


def test_password_that_was_forgotten_and_reset_is_a_former_one_and_the_initial_one_is_not() -> None:
    user = person_user()
    reset_password(user.person, by=make_staff(make_office()))
    user.refresh_from_db()
    assert FormerPassword.objects.filter(user=user).count() == 1
    with pytest.raises(Refused, match="最近5次内用过"):
        change_password(user, PASSWORD, now=timezone.now())
    change_password(user, GOOD[0], now=timezone.now())
    assert FormerPassword.objects.filter(user=user).count() == 1


def test_page_says_the_rules_of_its_reader_and_every_reason(client: Client) -> None:
    user = person_user()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "至少8个字符" in client.get("/password/").text
    bad = {"old_password": PASSWORD, "new_password": "850615", "repeated_password": "850615"}
    answer = client.post("/password/", bad)
    assert answer.status_code == 400
    for sentence in ("密码至少8个字符，现在是6个", "数字", "身份证号码中连续的6位"):
        assert sentence in answer.text
