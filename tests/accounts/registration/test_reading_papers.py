"""Cards of people from Hong Kong, Macao and Taiwan and of foreigners, and names as papers spell them, at both doors."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Duty
from accounts.models import Person
from administration.enums import OfficeKind
from tests.accounts.cards import make_card
from tests.accounts.kiosk.machine import Machine
from tests.accounts.registration.test_counter import register
from tests.factories import make_office, make_staff


@pytest.fixture
def client(db: None) -> Client:
    client = Client()
    clerk = make_staff(make_office("西湖区实名制登记点", kind=OfficeKind.REGISTRATION), Duty.REGISTER)
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def machine(db: None) -> Machine:
    return Machine()


CARDS: list[dict[str, Any]] = [
    {"id_number": "830000199201300022", "birth_date": date(1992, 1, 30), "sex": "female", "name": "林小明"},
    {"id_number": "810000199408230021", "birth_date": date(1994, 8, 23), "sex": "female", "name": "CHAN, TAI MAN"},
    {"id_number": "911124198108030024", "birth_date": date(1981, 8, 3), "sex": "female", "name": "SMITH, JANE"},
    {"id_number": "CAN320082101503", "birth_date": date(1982, 10, 15), "sex": "male", "name": "O'NEIL, JEAN-LUC"},
]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card["id_number"][:3])
@pytest.mark.parametrize("ethnicity", ["", "汉"])
def test_papers_without_an_ethnic_group_are_registered_at_the_counter(
    client: Client,
    card: dict[str, Any],
    ethnicity: str,
) -> None:
    response = register(client, **card, ethnicity=ethnicity)
    assert response.status_code == 302, response.text
    person = Person.objects.get()
    assert (person.name, person.id_number, person.ethnicity) == (card["name"], card["id_number"], "")
    assert person.birth_date == card["birth_date"]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card["id_number"][:3])
@pytest.mark.parametrize("ethnicity", ["", None])
def test_papers_without_an_ethnic_group_are_registered_at_a_machine(
    machine: Machine,
    card: dict[str, Any],
    ethnicity: Any,
) -> None:
    assert machine.register(**card, ethnicity=ethnicity).status_code == 201
    assert (Person.objects.get().name, Person.objects.get().ethnicity) == (card["name"], "")


def test_a_resident_needs_an_ethnic_group_at_both_doors(client: Client, machine: Machine) -> None:
    assert "请填写民族" in register(client, ethnicity="").text
    answer = machine.register(ethnicity="")
    assert (answer.status_code, [finding["code"] for finding in answer.json()["findings"]]) == (422, ["card.ethnicity"])
    assert not Person.objects.exists()


def test_the_birth_date_of_an_old_foreign_number_is_compared(client: Client) -> None:
    card = CARDS[3] | {"birth_date": date(1982, 10, 16)}
    assert "出生日期与身份证号码不符" in register(client, **card, ethnicity="").text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("⽅⼀试", "方一试"),
        ("葛\U000e0100山", "葛山"),
        ("艾合买提ㆍ买买提", "艾合买提·买买提"),
        ("张\n三", "张三"),
        ("李𠮷", "李𠮷"),
    ],
)
def test_reading_m7_both_doors_store_one_spelling(
    client: Client,
    machine: Machine,
    typed: str,
    stored: str,
) -> None:
    card = make_card(name=typed)
    assert machine.register(name=typed, id_number=card.id_number).status_code == 201
    assert Person.objects.get().name == stored
    response = register(client, name=typed, id_number=card.id_number)
    assert response.status_code == 302
    assert Person.objects.get().quarantined_reason == ""


@pytest.mark.parametrize(
    ("number", "word"), [("E12345678", "护照"), ("H12345678", "回乡证"), ("36010219900307001×", "大写字母 X")]
)
def test_other_papers_are_told_at_the_counter(client: Client, number: str, word: str) -> None:
    assert word in client.post("/office/counter/", {"id_number": number}).text
