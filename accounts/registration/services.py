"""Registers persons at counters and kiosks, updates their cards and settles held cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from accounts.access import audit
from accounts.credentials.passwords import initial_password
from accounts.enums import Sphere
from accounts.models import HeldCard, KioskDevice, Person, User
from accounts.people.findings import has_died
from accounts.people.identity import id_number_index, login_of
from accounts.people.natural_persons import refuse_own_record
from accounts.people.numbers import former_number, present_index
from accounts.people.rules import CardData, card_findings, clean_card, printing_findings
from accounts.signals import identity_changed, person_registered
from administration.messages.services import OutgoingMessage, open_mailbox, send
from administration.models import Office
from common.dates import SHANGHAI
from common.files.images import clean_portrait
from common.findings import Cure, Finding, Refused
from common.text.masking import mask_name
from common.text.names import normalise_name, validate_name

ANOTHER_CLERK = "另一名登记人员"


@dataclass(frozen=True)
class Registration:
    """`password` is in clear for the receipt only, and None if the login existed; the clerk tells the person `findings`."""

    person: Person
    is_new: bool
    password: str | None
    findings: tuple[Finding, ...] = ()
    held: HeldCard | None = None


def register_person(
    *, card: CardData, portrait: bytes, by: User | KioskDevice, office: Office, now: datetime
) -> Registration:
    """Serves counter and kiosk. A known ID number updates the card data and never makes a second person."""
    card = clean_card(card)
    refuse_own_record(by, id_number_index(card.id_number), task="办理实名登记", instead=ANOTHER_CLERK)
    findings = card_findings(card, today=now.astimezone(SHANGHAI).date())
    face = _checked_portrait(portrait, findings)
    if face is None:
        raise Refused(*findings)
    with transaction.atomic():
        known = _locked(card.id_number)
        if known is None:
            try:
                # A savepoint: two counters may register the same number at once, and the unique index lets one pass.
                with transaction.atomic():
                    return _register_new(card, face, by=by, office=office, now=now)
            except IntegrityError:
                known = _locked(card.id_number)
                if known is None:  # it was another constraint
                    raise
        return _register_known(known, card, face, by=by, office=office, now=now)


def _checked_portrait(portrait: bytes, findings: list[Finding]) -> bytes | None:
    """Answers None if anything is wrong; problems of the picture join the other findings."""
    try:
        face = clean_portrait(portrait)
    except ValidationError as error:
        findings.append(Finding("card.portrait", f"人像：{error.messages[0]}"))
        return None
    return face if not findings else None


def _locked(id_number: str) -> Person | None:
    return (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .filter(id_number_index=present_index(id_number))
        .first()
    )


def _register_new(
    card: CardData, face: bytes, *, by: User | KioskDevice, office: Office, now: datetime
) -> Registration:
    password = initial_password()
    person = Person(
        user=_open_login(card.id_number, card.name, password),
        name=card.name,
        id_number=card.id_number,
        id_number_index=id_number_index(card.id_number),
        sex=card.sex,
        birth_date=card.birth_date,
        mailbox=open_mailbox(),
    )
    _write_card(person, card, face)
    _mark_registered(person, by=by, office=office, now=now)
    person.save()
    audit.record("register_person", by=by, about=person, detail={"office": office.pk})
    person_registered.send(sender=Person, person=person, is_new=True)
    return Registration(person, True, password, tuple(printing_findings(card.name)))


def _register_known(
    person: Person, card: CardData, face: bytes, *, by: User | KioskDevice, office: Office, now: datetime
) -> Registration:
    if id_number_index(card.id_number) != person.id_number_index:
        raise Refused(former_number(person))
    if person.died_on is not None:
        raise Refused(has_died(person))
    if card.name != person.name:
        return _hold_card(person, card, face, by=by, office=office, now=now)
    password = None
    is_new = person.user_id is None
    if is_new:
        password = initial_password()
        person.user = _open_login(card.id_number, person.name, password)
    if person.mailbox_id is None:
        person.mailbox = open_mailbox()
    if person.registered_at is None:
        _mark_registered(person, by=by, office=office, now=now)
    _write_card(person, card, face)
    person.save()
    audit.record("update_card", by=by, about=person, detail={"office": office.pk})
    person_registered.send(sender=Person, person=person, is_new=is_new)
    return Registration(person, is_new, password, tuple(printing_findings(card.name)))


def _hold_card(
    person: Person, card: CardData, face: bytes | None, *, by: User | KioskDevice, office: Office, now: datetime
) -> Registration:
    """Handles another name under a known number: a changed name, or two people. Nobody gets a password and nothing is
    overwritten. The person at the counter is told by the findings, the registered person by a message.
    """
    held = HeldCard.objects.filter(person=person, settled_at=None).first() or HeldCard(person=person)
    is_other = held.name != card.name
    held.name, held.office, held.received_at = card.name, office, now
    held.ethnicity, held.address = card.ethnicity, card.address
    held.card_valid_from, held.card_valid_to = card.valid_from, card.valid_to
    if face is not None:
        held.portrait.save("portrait.jpg", ContentFile(face), save=False)
    held.save()
    person.quarantined_reason = _changed_name(person.name, card.name)
    person.save(update_fields=["quarantined_reason"])
    audit.record("hold_card", by=by, about=person, detail={"office": office.pk, "held": held.pk})
    if is_other:
        send([_told_registered(person, office)])
    return Registration(person, False, None, (*printing_findings(card.name), _held(person, card)), held)


def _held(person: Person, card: CardData) -> Finding:
    return Finding(
        "person.quarantined",
        "姓名与原登记不一致，已转人工核实",
        f"原登记“{mask_name(person.name)}”，本次身份证“{card.name}”。请登记员核对户口簿变更页等材料后“核实姓名”。"
        "核实之前，原登记信息不变，也不能办理证书业务。",
        turn="实名制登记点",
    )


def _told_registered(person: Person, office: Office) -> OutgoingMessage:
    return OutgoingMessage(
        person.mailbox_id,
        "有人用您的身份证号码、另一个姓名登记",
        f"登记地点：{office.name}。您的登记信息没有改变，但核实之前不能办理证书业务。"
        "如果是您本人更名，请携带身份证和户口簿到登记点核实；如果不是您本人，也请尽快到登记点说明。",
        "/person/registration-points/",
        event="registration",
    )


@transaction.atomic
def update_card(
    person: Person, *, card: CardData, portrait: bytes | None, by: User, office: Office, now: datetime
) -> Registration:
    """The person's page is open at the counter, so the number on the card must be theirs."""
    refuse_own_record(by, person.id_number_index, task="更新身份证信息", instead=ANOTHER_CLERK)
    card = clean_card(card)
    findings = card_findings(card, today=now.astimezone(SHANGHAI).date())
    locked = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if locked.id_number != card.id_number:
        findings.append(
            Finding(
                "card.other_person",
                "身份证号码不是此人的号码",
                "证件是别人的，请返回实名登记页按证件上的号码查询；是同一人、公安机关更正了号码的，请办理身份证号码更正。",
                turn="登记人员",
                cure=Cure("身份证号码更正", "accounts:correction_number", kwargs={"pk": person.pk}),
            )
        )
    face = _checked_portrait(portrait, findings) if portrait is not None else None
    if findings:
        raise Refused(*findings)
    if card.name != locked.name:
        return _hold_card(locked, card, face, by=by, office=office, now=now)
    _write_card(locked, card, face)
    locked.save()
    audit.record("update_card", by=by, about=locked, detail={"office": office.pk})
    return Registration(locked, False, None, tuple(printing_findings(card.name)))


@transaction.atomic
def confirm_name(person: Person, *, name: str, reason: str, by: User, now: datetime) -> Person:
    """Settles a held card. If `name` is its name, it is the same person's: its data and portrait are taken over and
    the former name stays for matching. With any other name the card is dropped and the registered person stays.
    """
    refuse_own_record(by, person.id_number_index, task="核实姓名", instead=ANOTHER_CLERK)
    name = normalise_name(name)
    try:
        validate_name(name)
    except ValidationError as error:
        raise Refused(Finding("card.name", error.messages[0])) from error
    locked = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if not locked.quarantined_reason:
        raise Refused(Finding("person.not_quarantined", "此人没有待核实的事项，可能刚刚由其他人处理。"))
    former = locked.name
    held = HeldCard.objects.filter(person=locked, settled_at=None).first()
    if held is not None:
        _settle(held, locked, is_same_person=held.name == name, now=now)
    if name != former:
        locked.alias_names = [*dict.fromkeys([*locked.alias_names, former])]
        locked.name = name
        User.objects.filter(person=locked).update(name=name)
    locked.quarantined_reason = ""
    locked.save()
    audit.record("confirm_name", by=by, about=locked, detail={"former": former, "name": name, "reason": reason})
    if name != former:
        identity_changed.send(sender=Person, person=locked)
    send(
        [
            OutgoingMessage(
                locked.mailbox_id,
                "身份信息已核实",
                f"核实后的姓名：{name}。现在可以正常办理业务。",
                "/person/",
                event="registration",
            )
        ]
    )
    return locked


def _settle(held: HeldCard, person: Person, *, is_same_person: bool, now: datetime) -> None:
    held.settled_at, held.was_taken_over = now, is_same_person
    held.save(update_fields=["settled_at", "was_taken_over"])
    if not is_same_person:
        return
    person.ethnicity, person.address = held.ethnicity, held.address
    person.card_valid_from, person.card_valid_to = held.card_valid_from, held.card_valid_to
    if held.portrait:
        person.portrait = held.portrait.name


def _changed_name(former: str, present: str) -> str:
    # 200 characters hold two names of any ordinary length; the audit entry has them whole.
    return f"身份证姓名由“{former}”变为“{present}”，待核实"[:200]


def _write_card(person: Person, card: CardData, face: bytes | None) -> None:
    person.ethnicity = card.ethnicity
    person.address = card.address
    person.card_valid_from = card.valid_from
    person.card_valid_to = card.valid_to
    if face is not None:
        person.portrait.save("portrait.jpg", ContentFile(face), save=False)


def _mark_registered(person: Person, *, by: User | KioskDevice, office: Office, now: datetime) -> None:
    person.registered_at = now
    person.registered_at_office = office
    if isinstance(by, User):
        person.registered_by = by
    else:
        person.registered_by_device = by


def _open_login(id_number: str, name: str, password: str) -> User:
    user = User(login=login_of(id_number), sphere=Sphere.PERSON, name=name, must_change_password=True)
    user.set_password(password)
    user.save()
    return user
