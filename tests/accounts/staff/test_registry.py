"""The registers of users and persons at /office/registry/."""

from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from accounts.enums import Duty, Sphere
from accounts.models import Person, User
from administration.models import AuditEntry
from tests.factories import PASSWORD, log_in_at_office, make_id_number, make_office, make_person, make_staff

REGISTRY = "/office/registry/accounts/"

pytestmark = pytest.mark.django_db


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def registrar() -> Client:
    return as_user(make_staff(make_office(), Duty.REGISTRY))


@pytest.fixture
def administrator() -> Client:
    return as_user(User.objects.create(login="sysadmin", sphere=Sphere.SYSTEM_ADMIN, name="系统管理员"))


def test_persons_are_listed_masked_and_without_pictures(registrar: Client) -> None:
    person = make_person("欧阳䶮")
    page = registrar.get(f"{REGISTRY}person/").text
    assert "欧阳䶮" in page
    assert person.id_number not in page
    assert person.id_number[-4:] in page
    assert "portrait" not in page
    detail = registrar.get(f"{REGISTRY}person/{person.pk}/change/").text
    assert person.id_number not in detail
    assert "查看完整号码" in detail


def test_whole_number_needs_a_press_and_leaves_an_audit_entry(registrar: Client) -> None:
    person = make_person()
    address = f"{REGISTRY}person/{person.pk}/reveal/"
    assert registrar.get(address).status_code == 405
    assert not AuditEntry.objects.filter(action="reveal_id_number").exists()
    assert person.id_number in registrar.post(address).text
    entry = AuditEntry.objects.get(action="reveal_id_number")
    assert entry.object_id == str(person.pk)
    assert entry.address is not None


def test_registers_are_closed_to_everybody_else() -> None:
    person = make_person()
    for user in (person.user, make_staff(make_office(), Duty.REVIEW)):
        client = as_user(user)
        assert client.get(f"{REGISTRY}person/").status_code == 403
        assert client.post(f"{REGISTRY}person/{person.pk}/reveal/").status_code == 403
    assert Client().get(f"{REGISTRY}person/").status_code == 302
    assert not AuditEntry.objects.filter(action="reveal_id_number").exists()


def test_nobody_adds_changes_or_deletes_a_person(registrar: Client, administrator: Client) -> None:
    person = make_person()
    for client in (registrar, administrator):
        assert client.get(f"{REGISTRY}person/add/").status_code == 403
        assert client.post(f"{REGISTRY}person/{person.pk}/change/", {"name": "x"}).status_code == 403
        assert client.post(f"{REGISTRY}person/{person.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Person.objects.get().name == person.name


def test_duties_are_not_the_system_administrators(registrar: Client, administrator: Client) -> None:
    staff = make_staff(make_office(), Duty.REVIEW)
    address = f"{REGISTRY}user/{staff.pk}/change/"
    data = {"name": staff.name, "office": staff.office_id, "duties": "counter,register", "is_active": "on"}
    assert registrar.post(address, data).status_code == 403
    assert administrator.post(address, data).status_code == 302
    staff.refresh_from_db()
    assert staff.duties == ["review"], "the security administrator's"
    assert AuditEntry.objects.filter(action="change_user", object_id=str(staff.pk)).count() == 1


def test_register_of_users_shows_neither_persons_nor_hashes(administrator: Client) -> None:
    person, staff = make_person("不应出现"), make_staff(make_office())
    page = administrator.get(f"{REGISTRY}user/").text
    assert staff.login in page
    assert "不应出现" not in page
    detail = administrator.get(f"{REGISTRY}user/{staff.pk}/change/").text
    assert staff.password not in detail
    assert person.user is not None
    assert administrator.get(f"{REGISTRY}user/{person.user.pk}/change/").status_code == 302


def test_administrators_do_not_change_themselves(administrator: Client) -> None:
    own = User.objects.get(login="sysadmin")
    assert administrator.post(f"{REGISTRY}user/{own.pk}/change/", {"name": "x", "duties": ""}).status_code == 403
    assert PASSWORD not in administrator.get(f"{REGISTRY}user/").text


def test_system_administrator_opens_a_login_of_staff(administrator: Client) -> None:
    office = make_office()
    data = {
        "login": "wang.min",
        "name": "王敏",
        "office": office.pk,
        "id_number": make_id_number(),
        "duties": ["review"],
    }
    page = administrator.post(f"{REGISTRY}user/add/", data)
    printed = re.search(r"<b[^>]*>([a-z2-9]{12})</b>", page.text)
    assert printed is not None
    made = User.objects.get(login="wang.min")
    assert (made.sphere, made.office, made.duties) == (Sphere.STAFF, office, [])
    assert log_in_at_office(Client(), made, password=printed[1]).url == "/password/"
    assert AuditEntry.objects.filter(action="create_user", object_id=str(made.pk)).count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"id_number": ""}, "请填写身份证号码"),
        ({"login": "p:1"}, "登录名应以小写字母开头"),
        ({"office": ""}, "工作人员必须属于一个部门"),
    ],
)
def test_impossible_login_of_staff_is_told_at_the_form(
    administrator: Client, changes: dict[str, str], sentence: str
) -> None:
    data = {"login": "wang.min", "name": "王敏", "office": make_office().pk, "id_number": make_id_number()} | changes
    assert sentence in administrator.post(f"{REGISTRY}user/add/", data).text
    assert not User.objects.filter(name="王敏").exists()


def test_reset_of_staff_needs_a_press_by_the_system_administrator(registrar: Client, administrator: Client) -> None:
    staff = make_staff(make_office())
    address = f"{REGISTRY}user/{staff.pk}/reset/"
    assert registrar.post(address).status_code == 403
    assert administrator.get(address).status_code == 405
    assert "重置密码" in administrator.get(f"{REGISTRY}user/{staff.pk}/change/").text
    printed = re.search(r"<b[^>]*>([a-z2-9]{12})</b>", administrator.post(address).text)
    assert printed is not None
    staff.refresh_from_db()
    assert staff.check_password(printed[1])
    assert staff.must_change_password
    person = make_person()
    assert person.user is not None
    assert administrator.post(f"{REGISTRY}user/{person.user.pk}/reset/").status_code == 404


def test_administrators_are_made_on_the_server(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_administrator", "audadmin", "审计", "audit_admin")
    login, password = capsys.readouterr().out.split()
    user = User.objects.get(login=login)
    assert user.sphere == Sphere.AUDIT_ADMIN
    assert user.check_password(password)
    assert user.must_change_password
    assert re.fullmatch(r"audadmin-[a-z2-9]{6}", login), "nobody guesses it by its pattern"
    with pytest.raises(CommandError, match="已被使用"):
        call_command("create_administrator", login, "审计", "audit_admin", "--exact")


def test_demonstration_keeps_its_readable_logins(capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(IS_DEMONSTRATION=True):
        call_command("create_administrator", "audadmin", "审计", "audit_admin")
    assert capsys.readouterr().out.split()[0] == "audadmin"


def test_form_for_a_new_login_suggests_one_that_nobody_guesses(administrator: Client) -> None:
    pages = [administrator.get(f"{REGISTRY}user/add/").text for _ in range(2)]
    suggested = {re.findall(r'value="(staff-[a-z2-9]{6})"', page)[0] for page in pages}
    assert len(suggested) == 2
    assert "请保留短横后的随机字符" in pages[0]
