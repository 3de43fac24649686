from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from accounts import signals
from accounts.credentials.passwords import reset_password
from accounts.enums import Duty, Sphere
from accounts.models import Person, User
from accounts.people.identity import id_number_index, login_of
from accounts.registration.services import Registration, confirm_name, register_person, update_card
from administration.enums import OfficeKind
from administration.models import AuditEntry, Mailbox
from common.findings import Refused
from common.text.id_number import normalise_id_number
from tests.accounts.cards import PORTRAIT, make_card, picture
from tests.concurrency import at_once
from tests.factories import make_office, make_person, make_staff

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def clerk(db: None) -> User:
    return make_staff(make_office(kind=OfficeKind.REGISTRATION), Duty.REGISTER)


def register(clerk: User, *, portrait: bytes = PORTRAIT, **changes: Any) -> Registration:
    assert clerk.office is not None
    return register_person(card=make_card(**changes), portrait=portrait, by=clerk, office=clerk.office, now=NOW)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def test_new_person_gets_a_login_a_mailbox_and_a_one_time_password(clerk: User) -> None:
    registration = register(clerk)
    person = Person.objects.get()
    assert registration.is_new
    assert (person.registered_at, person.registered_at_office, person.registered_by) == (NOW, clerk.office, clerk)
    assert person.mailbox is not None
    assert person.user is not None
    assert (person.user.sphere, person.user.name, person.user.must_change_password) == (Sphere.PERSON, "张小明", True)
    assert registration.password is not None
    assert person.user.check_password(registration.password)
    assert person.id_number not in person.user.login
    entry = AuditEntry.objects.get(action="register_person")
    assert (entry.actor_id, entry.object_id) == (clerk.pk, str(person.pk))


def test_number_and_portrait_are_stored_encrypted(clerk: User) -> None:
    person = register(clerk).person
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, address FROM accounts_person")
        row = cursor.fetchone()
    assert person.id_number not in str(row)
    assert "演示路" not in str(row)
    with open(person.portrait.path, "rb") as stored:
        assert not stored.read().startswith(b"\xff\xd8")
    with person.portrait.open("rb") as plain:
        assert plain.read().startswith(b"\xff\xd8")


def test_known_number_updates_the_card_and_never_makes_a_second_person(clerk: User) -> None:
    first = register(clerk)
    again = register(
        clerk,
        id_number=first.person.id_number,
        address="江西省九江市浔阳区演示路9号",
        valid_to=None,
        valid_from=date(2026, 1, 1),
    )
    person = Person.objects.get()
    assert (again.is_new, again.password, again.person.pk) == (False, None, first.person.pk)
    assert (person.address, person.card_valid_to) == ("江西省九江市浔阳区演示路9号", None)
    assert person.registered_at == NOW
    assert User.objects.filter(sphere=Sphere.PERSON).count() == 1
    assert first.password is not None
    assert person.user is not None
    assert person.user.check_password(first.password), "an update leaves the password alone"


def test_number_of_fifteen_digits_is_the_same_person(clerk: User) -> None:
    first = register(clerk)
    number = first.person.id_number
    old_form = number[:6] + number[8:17]
    again = register(clerk, id_number=old_form, sex=first.person.sex)
    assert again.person.pk == first.person.pk
    assert again.person.id_number == number


def test_typed_number_is_normalised(clerk: User) -> None:
    card = make_card()
    typed = " ".join(card.id_number).lower()
    assert register(clerk, id_number=typed, sex=card.sex).person.id_number == card.id_number


def test_changed_name_is_left_for_a_clerk_and_not_overwritten(clerk: User) -> None:
    first = register(clerk)
    again = register(clerk, id_number=first.person.id_number, name="张大明")
    person = Person.objects.get()
    assert person.name == "张小明"
    assert "张大明" in person.quarantined_reason
    assert [finding.code for finding in again.findings] == ["person.quarantined"]


def test_confirmed_name_replaces_the_former_one_which_stays_for_matching(clerk: User) -> None:
    first = register(clerk)
    register(clerk, id_number=first.person.id_number, name="张大明")
    confirm_name(first.person, name="张大明", reason="户口簿变更页", by=clerk, now=NOW)
    person = Person.objects.select_related("user").get()
    assert (person.name, person.alias_names, person.quarantined_reason) == ("张大明", ["张小明"], "")
    assert person.user is not None
    assert person.user.name == "张大明"
    with pytest.raises(Refused) as refused:
        confirm_name(first.person, name="张大明", reason="再来一次", by=clerk, now=NOW)
    assert codes(refused) == ["person.not_quarantined"]


def test_person_without_a_login_gets_one_at_the_counter(clerk: User) -> None:
    known = make_person(user=False, registered=False, birth_date=date(1990, 3, 7))
    registration = register(clerk, id_number=known.id_number)
    assert registration.password is not None
    assert registration.person.pk == known.pk
    assert registration.person.registered_at == NOW
    assert registration.person.user is not None
    assert registration.person.user.login == login_of(known.id_number)


def test_every_problem_of_a_card_is_told_at_once(clerk: User) -> None:
    card = make_card()
    with pytest.raises(Refused) as refused:
        register(
            clerk,
            portrait=b"not a picture",
            name="张3",
            id_number=card.id_number,
            sex="female" if card.sex == "male" else "male",
            birth_date=date(1991, 3, 7),
            valid_to=date(2026, 11, 22),
        )
    assert set(codes(refused)) == {
        "card.name.digit",
        "card.birth_date",
        "card.sex",
        "card.expired",
        "card.portrait",
    }
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id_number": "360102199003070000"}, "card.id_number"),
        ({"id_number": "12"}, "card.id_number"),
        ({"valid_from": date(2026, 11, 24)}, "card.valid_from"),
        ({"valid_from": date(2026, 1, 1), "valid_to": date(2026, 1, 1)}, "card.valid_order"),
        ({"valid_to": date(2026, 11, 22)}, "card.expired"),
        ({"name": "·明"}, "card.name.separator"),
    ],
)
def test_card_with_one_problem_is_refused_with_it(clerk: User, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        register(clerk, **changes)
    assert codes(refused) == [code]


def test_card_is_valid_on_its_last_day(clerk: User) -> None:
    assert register(clerk, valid_to=date(2026, 11, 23)).is_new


def test_refusal_never_repeats_the_number(clerk: User) -> None:
    wrong = make_card().id_number[:-1] + "Y"
    with pytest.raises(Refused) as refused:
        register(clerk, id_number=wrong)
    assert wrong[6:] not in str(refused.value.findings)


@pytest.mark.parametrize("portrait", [b"", b"%PDF-1.7", PORTRAIT[:2000], picture(60, 80)])
def test_unusable_portrait_is_refused(clerk: User, portrait: bytes) -> None:
    with pytest.raises(Refused) as refused:
        register(clerk, portrait=portrait)
    assert codes(refused) == ["card.portrait"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("欧阳䶮", "欧阳䶮"),
        ("陈𬭎", "陈𬭎"),
        ("𠮷田", "𠮷田"),
        ("艾合买提•热合曼", "艾合买提·热合曼"),
        ("艾合买提．热合曼", "艾合买提·热合曼"),
        ("王\ue863", "王䶮"),
        ("张　三", "张三"),
    ],
)
def test_rare_characters_and_separators(clerk: User, typed: str, stored: str) -> None:
    registration = register(clerk, name=typed)
    registration.person.refresh_from_db()
    assert registration.person.name == stored
    assert registration.findings == ()


def test_character_that_no_font_has_is_told_when_it_is_entered(clerk: User) -> None:
    registration = register(clerk, name="张\U000323b0")
    assert [finding.code for finding in registration.findings] == ["card.not_printable"]
    assert not registration.findings[0].blocking


def test_registration_is_told_to_other_apps(clerk: User) -> None:
    told: list[tuple[int, bool]] = []

    def listen(sender: object, person: Person, is_new: bool, **_: object) -> None:
        told.append((person.pk, is_new))

    signals.person_registered.connect(listen)
    try:
        first = register(clerk)
        register(clerk, id_number=first.person.id_number)
    finally:
        signals.person_registered.disconnect(listen)
    assert told == [(first.person.pk, True), (first.person.pk, False)]


@pytest.mark.django_db(transaction=True)
def test_eight_counters_at_once_make_one_person() -> None:
    clerks = [make_staff(make_office(kind=OfficeKind.REGISTRATION), Duty.REGISTER) for _ in range(8)]
    card = make_card()

    def call(clerk: User) -> Registration:
        assert clerk.office is not None
        return register_person(card=card, portrait=PORTRAIT, by=clerk, office=clerk.office, now=NOW)

    answers = at_once([lambda clerk=clerk: call(clerk) for clerk in clerks])  # type: ignore[misc]
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    registrations = [answer for answer in answers if isinstance(answer, Registration)]
    assert sum(registration.is_new for registration in registrations) == 1
    assert sum(registration.password is not None for registration in registrations) == 1
    person = Person.objects.get(id_number_index=id_number_index(card.id_number))
    assert User.objects.filter(login=login_of(card.id_number)).count() == 1
    assert {registration.person.pk for registration in registrations} == {person.pk}
    assert Mailbox.objects.filter(person=person).count() == 1
    assert AuditEntry.objects.filter(action="register_person").count() == 1
    assert AuditEntry.objects.filter(action="update_card").count() == 7


def test_update_keeps_the_portrait_when_no_new_one_was_taken(clerk: User) -> None:
    person = register(clerk).person
    before = person.portrait.name
    card = make_card(id_number=person.id_number, address="江西省赣州市章贡区演示路3号")
    update_card(person, card=card, portrait=None, by=clerk, office=clerk.office, now=NOW)
    person.refresh_from_db()
    assert person.address == "江西省赣州市章贡区演示路3号"
    assert person.portrait.name == before


def test_new_portrait_leaves_the_former_file_in_place(clerk: User) -> None:
    person = register(clerk).person
    before = person.portrait
    storage, name = before.storage, before.name
    update_card(
        person, card=make_card(id_number=person.id_number), portrait=PORTRAIT, by=clerk, office=clerk.office, now=NOW
    )
    person.refresh_from_db()
    assert person.portrait.name != name
    assert storage.exists(name)


def test_update_with_somebody_elses_card_is_refused(clerk: User) -> None:
    person = register(clerk).person
    with pytest.raises(Refused) as refused:
        update_card(person, card=make_card(), portrait=None, by=clerk, office=clerk.office, now=NOW)
    assert codes(refused) == ["card.other_person"]


def test_reset_gives_a_new_one_time_password(clerk: User) -> None:
    first = register(clerk)
    password = reset_password(first.person, by=clerk)
    user = User.objects.get(pk=first.person.user_id)
    assert user.check_password(password)
    assert user.must_change_password
    assert first.password is not None
    assert not user.check_password(first.password)
    assert AuditEntry.objects.filter(action="reset_password").count() == 1


def test_reset_of_a_person_without_a_login_says_what_to_do(clerk: User) -> None:
    with pytest.raises(Refused) as refused:
        reset_password(make_person(user=False), by=clerk)
    assert codes(refused) == ["account.none"]


def test_audit_of_a_registration_holds_no_number(clerk: User) -> None:
    person = register(clerk).person
    register(clerk, id_number=person.id_number, name="张大明")
    assert normalise_id_number(person.id_number) not in str(list(AuditEntry.objects.order_by("pk").values()))
