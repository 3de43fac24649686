"""Nobody of the back office serves himself: neither by his own login nor by a second one of the same ID number."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.credentials import totp
from accounts.credentials.passwords import reset_password, reset_staff_password
from accounts.enums import Duty, Sphere
from accounts.models import Person, User
from accounts.people.natural_persons import is_same_person
from accounts.registration.services import confirm_name, register_person, update_card
from accounts.staff.services import assign_duties, create_administrator, unlock_staff
from accounts.verification.counter_codes import issue_counter_code
from administration.enums import OfficeKind
from common.findings import Refused
from tests.accounts.cards import make_card, picture
from tests.factories import PASSWORD, enrol_totp, make_id_number, make_office, make_person, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> Person:
    return make_person("王敏")


@pytest.fixture
def clerk(me: Person) -> User:
    user = make_staff(make_office("东湖区登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER, name="王敏")
    user.identity_index = me.id_number_index
    user.save()
    return user


def card_of(person: Person) -> object:
    return make_card(name=person.name, id_number=str(person.id_number), birth_date=person.birth_date, sex=person.sex)


def register(person: Person, by: User) -> None:
    assert by.office is not None
    register_person(card=card_of(person), portrait=picture(358, 441), by=by, office=by.office, now=timezone.now())  # type: ignore[arg-type]


def update(person: Person, by: User) -> None:
    assert by.office is not None
    update_card(person, card=card_of(person), portrait=None, by=by, office=by.office, now=timezone.now())  # type: ignore[arg-type]


def settle(person: Person, by: User) -> None:
    Person.objects.filter(pk=person.pk).update(quarantined_reason="姓名变了")
    confirm_name(person, name=person.name, reason="核对", by=by, now=timezone.now())


TASKS: dict[str, Callable[[Person, User], object]] = {
    "register": register,
    "update": update,
    "settle the name": settle,
    "reset": lambda person, by: reset_password(person, by=by),
    "code": lambda person, by: issue_counter_code(person, by=by, now=timezone.now()),
}


@pytest.mark.parametrize("task", TASKS)
def test_a_clerk_does_nothing_for_his_own_record(me: Person, clerk: User, task: str) -> None:
    with pytest.raises(Refused) as refused:
        TASKS[task](me, clerk)
    (finding,) = refused.value.findings
    assert finding.code == "own_record"
    assert finding.message.startswith("不能为本人")
    assert "请由另一名" in finding.detail
    colleague = make_staff(make_office("西湖区登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER, name="李芳")
    TASKS[task](me, colleague)


def test_the_pages_of_the_counter_say_it(me: Person, clerk: User) -> None:
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/office/counter/", {"id_number": str(me.id_number)}).status_code == 302
    for address in (f"/office/counter/{me.pk}/password/", f"/office/counter/{me.pk}/code/"):
        answer = client.post(address, {"seen": "on"})
        assert answer.status_code == 409, address
        assert "不能为本人" in answer.text
        assert "请由另一名" in answer.text


@pytest.fixture
def two_logins() -> tuple[User, User, User]:
    """Two of one security administrator, and one of another."""
    number = make_id_number(555)
    common = {"sphere": Sphere.SECURITY_ADMIN, "password": PASSWORD, "must_change_password": False}
    first = create_administrator(login="sec.one", name="安全甲", id_number=number, **common)  # type: ignore[arg-type]
    second = create_administrator(login="sec.two", name="安全甲", id_number=number, **common)  # type: ignore[arg-type]
    other = create_administrator(login="sec.other", name="安全乙", id_number=make_id_number(557), **common)  # type: ignore[arg-type]
    return first, second, other


def test_two_logins_of_one_person_are_one(two_logins: tuple[User, User, User]) -> None:
    first, second, other = two_logins
    assert is_same_person(first, second)
    assert not is_same_person(first, other)
    unknown = [
        create_administrator(login=f"sec.x{n}", name="丙", sphere=Sphere.SECURITY_ADMIN, password=PASSWORD)
        for n in "12"
    ]
    assert not is_same_person(*unknown), "logins without an ID number are not all one person"


def test_a_second_login_does_not_reset_or_unlock_the_first(two_logins: tuple[User, User, User]) -> None:
    first, second, other = two_logins
    enrol_totp(first)
    for task in (
        lambda by: totp.reset(first, by=by, reason="丢了手机，核对工作证"),
        lambda by: unlock_staff(first, reason="本人到场", by=by),
    ):
        with pytest.raises(Refused, match="自己") as refused:
            task(second)
        assert "请由另一名安全管理员办理" in refused.value.findings[0].detail
        task(other)
    with pytest.raises(Refused):
        reset_staff_password(first, by=second)
    with pytest.raises(Refused, match="职责由安全管理员分配"):
        assign_duties(first, duties=[], reason="", by=second)
