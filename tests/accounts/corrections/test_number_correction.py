"""B4: a person whose ID number was corrected stays one person, and the former number registers nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.corrections.services import Grounds, ask_for_number, confirm_number, refuse_correction
from accounts.enums import CorrectionOutcome, Duty, SessionEnd
from accounts.models import FormerIdNumber, LoginSession, Person, RegisterCorrection, User
from accounts.people.identity import id_number_index, login_of
from accounts.people.natural_persons import is_same_person
from accounts.people.selectors import person_by_id_number
from accounts.registration.services import register_person
from administration.enums import OfficeKind
from administration.models import AuditEntry, Message, Office
from common.files.uploads import check_upload
from common.findings import Refused
from tests.accounts.cards import PORTRAIT, card_input, make_card, upload
from tests.accounts.kiosk.machine import Machine
from tests.concurrency import at_once
from tests.factories import PASSWORD, make_id_number, make_office, make_person, make_staff, photo_jpeg

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
BIRTH = date(1990, 3, 7)
OTHER_BIRTH = date(1990, 7, 14)


@pytest.fixture
def office(db: None) -> Office:
    return make_office("东湖区登记点", kind=OfficeKind.REGISTRATION)


@pytest.fixture
def clerk(office: Office) -> User:
    return make_staff(office, Duty.REGISTER, name="王敏")


@pytest.fixture
def second(office: Office) -> User:
    return make_staff(office, Duty.REGISTER, name="李静")


def grounds() -> Grounds:
    return Grounds("《公民身份号码更正证明》（东公证〔2026〕12号）", "号码录入有误", check_upload(upload(photo_jpeg())))


def ask(person: Person, number: str, by: User) -> RegisterCorrection:
    return ask_for_number(person, id_number=number, grounds=grounds(), by=by, now=NOW)


def corrected(person: Person, number: str, clerk: User, second: User) -> Person:
    confirm_number(ask(person, number, clerk), id_number=number, by=second, now=NOW)
    return Person.objects.select_related("user").get(pk=person.pk)


def codes(refused: Any) -> list[str]:
    return [finding.code for finding in refused.findings]


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_workflow_b4_correction_keeps_the_person_and_changes_number_login_and_birth_date(
    clerk: User, second: User
) -> None:
    person, number = make_person(birth_date=BIRTH), make_id_number(birth=OTHER_BIRTH)
    former = str(person.id_number)
    after = corrected(person, number, clerk, second)
    assert Person.objects.count() == 1
    assert after.user is not None
    assert (after.id_number, after.user.login) == (number, login_of(number))
    assert after.user.check_password(PASSWORD)
    assert (after.birth_date, after.sex) == (OTHER_BIRTH, "male" if int(number[16]) % 2 else "female")
    kept = FormerIdNumber.objects.get()
    assert (kept.id_number, kept.id_number_index, kept.person) == (former, id_number_index(former), after)
    assert person_by_id_number(former) == person_by_id_number(number) == after
    assert "身份证号码已更正" in Message.objects.get(mailbox=after.mailbox).title


def test_workflow_b4_nothing_changes_before_the_second_clerk_confirms(clerk: User, second: User) -> None:
    person, number = make_person(), make_id_number(birth=BIRTH)
    former = person.id_number
    case = ask(person, number, clerk)
    person.refresh_from_db()
    assert person.id_number == former
    refuse_correction(case, answer="证明没有公章", by=second, now=NOW)
    case.refresh_from_db()
    person.refresh_from_db()
    assert (person.id_number, case.outcome, case.answer) == (former, CorrectionOutcome.REFUSED, "证明没有公章")
    assert not FormerIdNumber.objects.exists()
    told = Message.objects.get(mailbox=case.office.mailbox)
    assert "证明没有公章" in told.body, "the office that asked is told why"
    ask(person, number, clerk)


def test_workflow_b4_confirming_takes_another_natural_person(office: Office, clerk: User) -> None:
    clerk.identity_index = id_number_index(make_id_number(birth=BIRTH))
    clerk.save()
    twin = make_staff(office, Duty.REGISTER, name="王敏")
    twin.identity_index = clerk.identity_index
    twin.save()
    number = make_id_number(birth=OTHER_BIRTH)
    case = ask(make_person(), number, clerk)
    for same in (clerk, twin):
        with pytest.raises(Refused) as refused:
            confirm_number(case, id_number=number, by=same, now=NOW)
        assert codes(refused.value) == ["correction.same_clerk"]


def test_workflow_b4_own_number_is_corrected_by_others_only(clerk: User, second: User) -> None:
    person, number = make_person(), make_id_number(birth=BIRTH)
    clerk.identity_index = person.id_number_index
    clerk.save()
    with pytest.raises(Refused) as refused:
        ask(person, number, clerk)
    assert codes(refused.value) == ["own_record"]
    third = make_staff(make_office(kind=OfficeKind.REGISTRATION), Duty.REGISTER, name="赵强")
    corrected(person, number, second, third)
    clerk.refresh_from_db()
    after = Person.objects.select_related("user").get(pk=person.pk)
    assert after.user is not None
    assert is_same_person(clerk, after.user), "the clerk's own login of the back office follows"


def test_workflow_b4_second_clerk_types_the_number_from_the_document(clerk: User, second: User) -> None:
    case = ask(make_person(), make_id_number(birth=BIRTH), clerk)
    with pytest.raises(Refused) as refused:
        confirm_number(case, id_number=make_id_number(birth=OTHER_BIRTH), by=second, now=NOW)
    assert codes(refused.value) == ["correction.numbers_differ"]


def test_workflow_b4_number_of_another_person_is_refused_also_a_former_one(clerk: User, second: User) -> None:
    person, other = make_person(), make_person("李大海")
    other_former = str(other.id_number)
    for number in (other_former, str(person.id_number)):
        with pytest.raises(Refused) as refused:
            ask(person, number, clerk)
        wanted = "correction.same_number" if number == person.id_number else "correction.number_taken"
        assert codes(refused.value) == [wanted]
    corrected(other, make_id_number(birth=BIRTH), clerk, second)
    with pytest.raises(Refused) as refused:
        ask(person, other_former, clerk)
    assert codes(refused.value) == ["correction.number_taken"]


def test_workflow_b4_number_registered_meanwhile_stops_the_confirmation(clerk: User, second: User) -> None:
    number = make_id_number(birth=BIRTH)
    case = ask(make_person(), number, clerk)
    make_person("李大海", id_number=number)
    with pytest.raises(Refused) as refused:
        confirm_number(case, id_number=number, by=second, now=NOW)
    assert codes(refused.value) == ["correction.number_taken"]


def test_workflow_b4_correction_in_error_is_corrected_back(clerk: User, second: User) -> None:
    person = make_person()
    former, number = str(person.id_number), make_id_number(birth=BIRTH)
    corrected(person, number, clerk, second)
    after = corrected(person, former, second, clerk)
    assert after.id_number == former
    assert person_by_id_number(number) == after


def test_workflow_b4_former_number_registers_nobody_at_the_counter(clerk: User, second: User) -> None:
    person = make_person("张小明", birth_date=BIRTH)
    former = str(person.id_number)
    corrected(person, make_id_number(birth=OTHER_BIRTH), clerk, second)
    client = browser(clerk)
    assert client.post("/office/counter/", {"id_number": former}).url == f"/office/counter/{person.pk}/"
    card = make_card(id_number=former)
    response = client.post("/office/counter/register/", card_input(card, portrait=PORTRAIT))
    assert response.status_code == 400
    assert "这个身份证号码已更正，不能再登记" in response.text
    assert f"/office/counter/{person.pk}/" in response.text
    assert Person.objects.count() == 1
    other = browser(second)
    other.post("/office/counter/register/", card_input(card, portrait=PORTRAIT))
    assert other.get(f"/office/counter/{person.pk}/").status_code == 200, "the link of the refusal opens"


def test_workflow_b4_former_number_registers_nobody_at_the_kiosk(machine: Machine, clerk: User, second: User) -> None:
    person = make_person("张小明", birth_date=BIRTH)
    former = str(person.id_number)
    corrected(person, make_id_number(birth=OTHER_BIRTH), clerk, second)
    answer = machine.register(id_number=former)
    assert answer.status_code == 422
    assert "card.former_number" in answer.text
    assert Person.objects.count() == 1


def test_workflow_b4_update_with_the_corrected_number_leads_to_the_correction(clerk: User) -> None:
    person = make_person(birth_date=BIRTH)
    client = browser(clerk)
    client.post("/office/counter/", {"id_number": person.id_number})
    card = make_card(id_number=make_id_number(birth=BIRTH))
    response = client.post(f"/office/counter/{person.pk}/update/", card_input(card))
    assert "身份证号码不是此人的号码" in response.text
    assert f"/office/counter/{person.pk}/number/" in response.text


def test_workflow_b4_sessions_end_and_the_person_logs_in_by_the_new_number(clerk: User, second: User) -> None:
    person, number = make_person(), make_id_number(birth=BIRTH)
    former = str(person.id_number)
    client = Client()
    client.post("/login/", {"id_number": former, "password": PASSWORD})
    assert LoginSession.objects.filter(user=person.user, ended_at=None).exists()
    corrected(person, number, clerk, second)
    assert LoginSession.objects.get(user=person.user).ended_why == SessionEnd.NUMBER
    assert client.get("/person/").status_code == 302
    assert Client().post("/login/", {"id_number": former, "password": PASSWORD}).status_code == 400
    assert Client().post("/login/", {"id_number": number, "password": PASSWORD}).status_code == 302


def test_workflow_b4_pages_of_both_clerks(clerk: User, second: User) -> None:
    person, number = make_person("葛花一"), make_id_number(birth=BIRTH)
    first = browser(clerk)
    address = f"/office/counter/{person.pk}/number/"
    assert first.get(address).status_code == 404, "nobody leafs through the register by address"
    first.post("/office/counter/", {"id_number": person.id_number})
    form = {"id_number": number, "document": "东公证〔2026〕12号", "reason": "派出所录入有误", "is_same_person": "on"}
    refused = first.post(address, {**form, "document": "", "evidence": upload(photo_jpeg())})
    assert refused.status_code == 400
    assert "请填写证明文件的名称和文号" in refused.text
    assert "证明扫描件" in refused.text
    assert first.post(address, form).url == f"/office/counter/{person.pk}/", "the scan was kept"
    again = first.post(address, {**form, "evidence": upload(photo_jpeg())})
    assert again.status_code == 409, "a double click asks once"
    case = RegisterCorrection.objects.get()
    own = first.get(f"/office/corrections/{case.pk}/")
    assert "须由另一名登记人员复核" in own.text
    assert number not in own.text

    other = browser(second)
    assert "葛花一" in other.get("/office/corrections/").text
    page = other.get(f"/office/corrections/{case.pk}/")
    assert number not in page.text, "the second clerk reads the number in the document"
    assert other.get(f"/office/corrections/{case.pk}/evidence/").status_code == 200
    two_tabs = [
        other.post(f"/office/corrections/{case.pk}/", {"action": "confirm", "id_number": number}) for _ in range(2)
    ]
    assert [answer.status_code for answer in two_tabs] == [302, 409]
    assert "这件更正已经办结" in two_tabs[1].text
    actions = set(AuditEntry.objects.filter(object_id=str(person.pk)).values_list("action", flat=True))
    assert {"ask_correction", "view_correction", "confirm_correction"} <= actions
    assert not any(number in str(entry.detail) for entry in AuditEntry.objects.all())


def test_workflow_b4_clerks_of_other_cities_and_duties_see_no_correction(clerk: User) -> None:
    case = ask(make_person(), make_id_number(birth=BIRTH), clerk)
    far = make_staff(make_office("浔阳区登记点", kind=OfficeKind.REGISTRATION, region="360403"), Duty.REGISTER)
    assert browser(far).get(f"/office/corrections/{case.pk}/").status_code == 404
    assert browser(far).get(f"/office/corrections/{case.pk}/evidence/").status_code == 404
    assert browser(make_staff(make_office(), Duty.REVIEW)).get("/office/corrections/").status_code == 403


def test_workflow_b4_database_refuses_a_second_person_under_a_former_number(clerk: User, second: User) -> None:
    person = make_person()
    former = str(person.id_number)
    corrected(person, make_id_number(birth=BIRTH), clerk, second)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person("李大海", id_number=former)
    other = make_person("李大海")
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerIdNumber.objects.create(person=person, id_number=other.id_number, id_number_index=other.id_number_index)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_workflow_b4_correction_and_registration_at_once_leave_one_person(attempt: int) -> None:
    office = make_office("东湖区登记点", kind=OfficeKind.REGISTRATION)
    clerk, second = make_staff(office, Duty.REGISTER), make_staff(office, Duty.REGISTER, name="李静")
    person, number = make_person(birth_date=BIRTH), make_id_number(birth=OTHER_BIRTH)
    former = str(person.id_number)
    case = ask(person, number, clerk)

    def confirm() -> object:
        return confirm_number(case, id_number=number, by=second, now=NOW)

    def register(of: str, birth: date) -> object:
        card = make_card(id_number=of, birth_date=birth)
        return register_person(card=card, portrait=PORTRAIT, by=clerk, office=office, now=NOW)

    at_once([confirm, confirm, lambda: register(former, BIRTH), lambda: register(former, BIRTH)])
    assert Person.objects.count() == 1
    person.refresh_from_db()
    assert person.id_number == number


@pytest.mark.django_db(transaction=True)
def test_workflow_b4_two_clerks_asking_at_once_make_one_case() -> None:
    office = make_office("东湖区登记点", kind=OfficeKind.REGISTRATION)
    clerks = [make_staff(office, Duty.REGISTER), make_staff(office, Duty.REGISTER, name="李静")]
    people, number = [make_person(), make_person("李大海")], make_id_number(birth=OTHER_BIRTH)
    answers = at_once([lambda pair=pair: ask(pair[0], number, pair[1]) for pair in zip(people, clerks, strict=True)])
    assert RegisterCorrection.objects.count() == 1
    assert [codes(one) for one in answers if isinstance(one, Refused)] == [["correction.open"]]
