from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone

from accounts.credentials import totp
from accounts.enums import Duty, Sphere
from accounts.models import User
from accounts.staff.services import create_administrator, create_staff
from common.findings import Refused
from devtools.demo import accounts
from devtools.demo import administration as offices
from devtools.demo.context import DemoContext
from tests.factories import PASSWORD, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def context() -> DemoContext:
    context = DemoContext(date(2026, 11, 23))
    offices.build(context)
    return context


def test_the_list_of_logins_is_for_its_owner_alone(context: DemoContext, tmp_path: Path) -> None:
    file = tmp_path / "var" / "demo.json"
    for _ in range(2):
        context.record("审计管理员", "/office/login/", "auditadmin", PASSWORD)
        context.write_logins(file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o644)
    assert PASSWORD in file.read_text(encoding="utf-8")


def test_every_role_has_a_login_that_works(context: DemoContext) -> None:
    accounts.build(context)
    assert {duty for user in User.objects.all() for duty in user.duties} == set(Duty.values)
    assert {entry["role"] for entry in context.logins} == {
        "省厅审核", "台账管理", "省厅科室负责人", "地市审核", "地市窗口", "地市科室负责人", "县区窗口", "实名登记点", "培训机构",
        "考试机构", "考试机构复核", "系统管理员", "安全管理员", "审计管理员",
    }  # fmt: skip
    for entry in context.logins:
        client = Client()
        answer = client.post(entry["address"], {"login": entry["login"], "password": entry["password"]})
        assert answer.url == "/office/login/code/", entry
        code = totp.code_at(entry["totp_secret"], timezone.now())
        assert client.post(answer.url, {"code": code}).url == "/office/", entry
        assert entry["code"] == f".venv/bin/python manage.py demo_code {entry['login']}"


def test_code_of_every_login_is_told_by_a_command_only_in_the_demonstration(
    context: DemoContext, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts.build(context)
    with pytest.raises(CommandError, match="only the demonstration"):
        call_command("demo_code", "secadmin")
    with override_settings(IS_DEMONSTRATION=True):
        call_command("demo_code", "secadmin")
        assert totp.verify(User.objects.get(login="secadmin"), capsys.readouterr().out, now=timezone.now()).accepted
        with pytest.raises(CommandError, match="no login nobody"):
            call_command("demo_code", "nobody")
        client = Client()
        client.post("/office/login/", {"login": "secadmin", "password": context.password})
        assert "manage.py demo_code secadmin" in client.get("/office/login/code/").text


def test_logins_are_the_same_each_time(context: DemoContext) -> None:
    accounts.build(context)
    names = list(User.objects.order_by("login").values_list("login", "name"))
    User.objects.all().delete()
    again = DemoContext(date(2026, 11, 23))
    again.random.setstate(DemoContext(date(2026, 11, 23)).random.getstate())
    accounts.build(again)
    assert list(User.objects.order_by("login").values_list("login", "name")) == names


def test_made_up_person_is_registered_and_logs_in(context: DemoContext) -> None:
    accounts.build(context)
    clerk = User.objects.get(login="register-360100")
    person = accounts.make_person(context, by=clerk, name="欧阳·䶮", birth=date(1980, 2, 29))
    assert person.is_registered
    assert person.has_id_photo
    assert person.portrait
    accounts.record_person(context, person, "证件齐全")
    entry = context.logins[-1]
    answer = Client().post(entry["address"], {"id_number": entry["login"], "password": entry["password"]})
    assert answer.url == "/person/"
    assert not accounts.make_person(context, by=clerk, has_photo=False).has_id_photo


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"login": "p:abc"}, "staff.login"),
        ({"login": "AB"}, "staff.login"),
        ({"duties": ["emperor"]}, "staff.duty"),
    ],
)
def test_impossible_staff_is_refused(changes: dict[str, object], code: str) -> None:
    values = {"login": "wang.min", "duties": [Duty.REVIEW]} | changes
    with pytest.raises(Refused) as refused:
        create_staff(name="王敏", office=make_office(), password=PASSWORD, **values)  # type: ignore[arg-type]
    assert refused.value.findings[0].code == code


def test_login_is_given_once() -> None:
    office = make_office()
    create_staff(login="wang.min", name="王敏", office=office, duties=[], password=PASSWORD)
    with pytest.raises(Refused) as refused:
        create_staff(login="wang.min", name="王敏二", office=office, duties=[], password=PASSWORD)
    assert refused.value.findings[0].code == "staff.login_taken"


def test_administrator_is_one_of_three() -> None:
    with pytest.raises(Refused):
        create_administrator(login="boss", name="x", sphere=Sphere.STAFF, password=PASSWORD)
