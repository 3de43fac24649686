"""三员分立: the three administrators exclude each other and every duty; by the database, the services and the pages."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.credentials import totp
from accounts.enums import Duty, Sphere
from accounts.models import User
from accounts.people.identity import id_number_index
from accounts.staff.services import assign_duties, create_administrator, create_staff
from administration.models import AuditEntry, Message
from common.findings import Refused
from tests.factories import PASSWORD, enrol_totp, make_id_number, make_office, make_person, make_staff

pytestmark = pytest.mark.django_db
ADMINISTRATORS = [Sphere.SYSTEM_ADMIN, Sphere.SECURITY_ADMIN, Sphere.AUDIT_ADMIN]


def admin(sphere: Sphere = Sphere.SECURITY_ADMIN, login: str = "adm.one", id_number: str = "") -> User:
    return create_administrator(
        login=login, name="管理员", sphere=sphere, password=PASSWORD, must_change_password=False, id_number=id_number
    )


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- the database, whoever writes to it ---


@pytest.mark.parametrize("sphere", ADMINISTRATORS)
def test_database_refuses_an_administrator_with_a_duty_or_an_office(sphere: Sphere) -> None:
    user, office = admin(sphere), make_office()
    for statement, value in (
        ("UPDATE accounts_user SET duties = %s WHERE id = %s", ["decide"]),
        ("UPDATE accounts_user SET office_id = %s WHERE id = %s", office.pk),
    ):
        with pytest.raises(IntegrityError, match="staff_have_an_office_others_none"):
            sql(statement, value, user.pk)


@pytest.mark.parametrize("sphere", [*ADMINISTRATORS, Sphere.PERSON, Sphere.OPERATOR])
def test_database_refuses_to_turn_staff_into_anything_else(sphere: Sphere) -> None:
    staff = make_staff(make_office(), Duty.DECIDE)
    with pytest.raises(IntegrityError, match="staff_have_an_office_others_none"):
        sql("UPDATE accounts_user SET sphere = %s WHERE id = %s", sphere.value, staff.pk)


def test_database_knows_no_further_role_and_no_two_at_once() -> None:
    user = admin()
    for sphere in ("system,audit", "superuser", ""):
        with pytest.raises(IntegrityError, match="user_sphere_known"):
            sql("UPDATE accounts_user SET sphere = %s WHERE id = %s", sphere, user.pk)


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", ADMINISTRATORS)
def test_one_person_holds_one_of_the_three_roles_by_whatever_logins(first: Sphere, second: Sphere) -> None:
    number = make_id_number()
    admin(first, "adm.one", number)
    if first == second:
        admin(second, "adm.two", number)  # a second login of the same role is no second role
        return
    with pytest.raises(Refused, match="另一种身份"):
        admin(second, "adm.two", number)
    other = admin(second, "adm.three")
    with pytest.raises(IntegrityError, match="one_person_has_one_role"):
        sql("UPDATE accounts_user SET identity_index = %s WHERE id = %s", id_number_index(number), other.pk)


def test_person_who_reviews_is_no_administrator_and_the_other_way_round() -> None:
    number, office = make_id_number(), make_office()
    create_staff(login="wang.min", name="王敏", office=office, duties=[], password=PASSWORD, id_number=number)
    with pytest.raises(Refused, match="另一种身份"):
        admin(Sphere.AUDIT_ADMIN, id_number=number)
    with pytest.raises(CommandError, match="另一种身份"):
        call_command("create_administrator", "adm.x", "审计", "audit_admin", "--id-number", number)


def test_number_itself_is_not_kept() -> None:
    number = make_id_number()
    user = admin(id_number=number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT u::text FROM accounts_user u WHERE id = %s", [user.pk])
        assert number not in str(cursor.fetchall())


# --- who may do what ---


def test_system_administrator_does_not_open_a_login_for_an_administrator() -> None:
    number = make_id_number()
    admin(Sphere.AUDIT_ADMIN, "aud.one", number)
    page = client_of(admin(Sphere.SYSTEM_ADMIN, "sys.one")).post(
        "/office/registry/accounts/user/add/",
        {"login": "wang.min", "name": "王敏", "office": make_office().pk, "id_number": number},
    )
    assert "此人已有管理员账号" in page.text
    assert not User.objects.filter(login="wang.min").exists()


@pytest.mark.parametrize("sphere", [Sphere.SYSTEM_ADMIN, Sphere.AUDIT_ADMIN])
def test_duties_locks_and_second_factors_are_the_security_administrators_alone(sphere: Sphere) -> None:
    staff, by = enrol_totp(make_staff(make_office())), admin(sphere)
    client = client_of(by)
    for page in ("", "duties/", "unlock/", "reset/"):
        answer = client.post(f"/office/users/{staff.pk}/{page}", {"reason": "试试", "duties": ["decide"]})
        assert answer.status_code == 403
    with pytest.raises(Refused, match="由安全管理员分配"):
        assign_duties(staff, duties=["decide"], reason="试试", by=by)
    staff.refresh_from_db()
    assert staff.duties == []
    assert totp.is_enrolled(staff)


def test_security_administrator_finds_and_manages_staff() -> None:
    staff = enrol_totp(make_staff(make_office("南昌市住房和城乡建设局"), name="王敏"))
    client = client_of(admin())
    assert staff.login in client.get("/office/users/?words=王").text
    assert staff.login in client.get("/office/users/?words=南昌&sphere=staff").text
    assert staff.login not in client.get("/office/users/?words=李").text
    assert make_person("不应出现").name not in client.get("/office/users/").text
    address = f"/office/users/{staff.pk}/"
    assert "重置动态口令" in client.get(address).text
    assert client.post(f"{address}duties/", {"duties": ["review", "counter"], "reason": "南建发3号"}).url == address
    assert client.post(f"{address}unlock/", {"reason": "本人到场"}).url == address
    assert client.post(f"{address}reset/", {"reason": "手机丢失，核对工作证"}).url == address
    staff.refresh_from_db()
    assert staff.duties == ["counter", "review"]
    assert not totp.is_enrolled(staff)
    for action in ("assign_duties", "unlock_user", "totp_reset"):
        assert AuditEntry.objects.get(action=action, object_id=str(staff.pk)).detail["reason"]
    assert Message.objects.filter(mailbox=staff.office.mailbox).count() == 3, "the owner is told of each"


@pytest.mark.parametrize("page", ["duties/", "unlock/", "reset/"])
def test_each_of_it_needs_a_reason_and_is_never_for_oneself(page: str) -> None:
    own = enrol_totp(admin())
    staff = enrol_totp(make_staff(make_office()))
    client = client_of(own)
    answer = client.post(f"/office/users/{staff.pk}/{page}", {"reason": " "})
    assert answer.status_code == 400
    assert "请填写原因" in answer.text
    assert client.post(f"/office/users/{own.pk}/{page}", {"reason": "我自己"}).status_code == 403
    assert totp.is_enrolled(own)
    assert totp.is_enrolled(staff)
    assert client.get(f"/office/users/{staff.pk}/{page}").status_code == 405


def test_administrators_get_no_duties_from_the_security_administrator() -> None:
    with pytest.raises(Refused, match="不能有职责"):
        assign_duties(admin(Sphere.AUDIT_ADMIN, "aud.one"), duties=["decide"], reason="试试", by=admin())


def test_system_administrators_form_leaves_duties_alone() -> None:
    staff = make_staff(make_office(), Duty.REVIEW)
    client = client_of(admin(Sphere.SYSTEM_ADMIN))
    data = {"name": staff.name, "office": staff.office_id, "is_active": "on", "duties": ["decide"], "sphere": "person"}
    assert client.post(f"/office/registry/accounts/user/{staff.pk}/change/", data).status_code == 302
    staff.refresh_from_db()
    assert (staff.duties, staff.sphere) == (["review"], "staff")
