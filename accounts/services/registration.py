from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.enums import Sphere
from accounts.identity import id_number_index, login_of
from accounts.models import Person, User
from accounts.rules import CardData, card_findings, clean_card, printing_findings
from accounts.signals import person_registered
from administration.models import Office
from administration.services import open_mailbox
from jxcloud.base.dates import SHANGHAI
from jxcloud.base.findings import Finding, Refused
from jxcloud.base.images import clean_portrait
from jxcloud.base.names import normalise_name, validate_name

from .passwords import initial_password


@dataclass(frozen=True)
class Registration:
    person: Person
    is_new: bool
    password: str | None
    """The one-time password of a new login, in clear, for the receipt only; None if the login existed."""
    findings: tuple[Finding, ...] = ()
    """What the clerk should tell the person; nothing here stops the registration."""


def register_person(*, card: CardData, portrait: bytes, by: User, office: Office, now: datetime) -> Registration:
    """A known ID number updates the card data and never makes a second person."""
    card = clean_card(card)
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
    """None if anything at all is wrong; what is wrong with the picture joins the other findings."""
    try:
        face = clean_portrait(portrait)
    except ValidationError as error:
        findings.append(Finding("card.portrait", f"人像：{error.messages[0]}"))
        return None
    return face if not findings else None


def _locked(id_number: str) -> Person | None:
    return (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .filter(id_number_index=id_number_index(id_number))
        .first()
    )


def _register_new(card: CardData, face: bytes, *, by: User, office: Office, now: datetime) -> Registration:
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
    person: Person, card: CardData, face: bytes, *, by: User, office: Office, now: datetime
) -> Registration:
    findings = _take_over(person, card, face)
    password = None
    is_new = person.user_id is None
    if is_new:
        password = initial_password()
        person.user = _open_login(card.id_number, person.name, password)
    if person.mailbox_id is None:
        person.mailbox = open_mailbox()
    if person.registered_at is None:
        _mark_registered(person, by=by, office=office, now=now)
    person.save()
    audit.record("update_card", by=by, about=person, detail={"office": office.pk, "findings": _codes(findings)})
    person_registered.send(sender=Person, person=person, is_new=is_new)
    return Registration(person, is_new, password, tuple(findings))


@transaction.atomic
def update_card(person: Person, *, card: CardData, portrait: bytes | None, by: User, now: datetime) -> Registration:
    """At the counter, for a person who is shown on the screen: the number on the card must be theirs."""
    card = clean_card(card)
    findings = card_findings(card, today=now.astimezone(SHANGHAI).date())
    locked = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if locked.id_number != card.id_number:
        findings.append(
            Finding("card.other_person", "身份证号码不是此人的号码", "请返回实名登记页，按证件上的号码重新查询。")
        )
    face = _checked_portrait(portrait, findings) if portrait is not None else None
    if findings:
        raise Refused(*findings)
    told = _take_over(locked, card, face)
    locked.save()
    audit.record("update_card", by=by, about=locked, detail={"findings": _codes(told)})
    return Registration(locked, False, None, tuple(told))


@transaction.atomic
def confirm_name(person: Person, *, name: str, reason: str, by: User) -> Person:
    """Settles a changed name: the form on the ID card becomes the name, the former one stays for matching."""
    name = normalise_name(name)
    try:
        validate_name(name)
    except ValidationError as error:
        raise Refused(Finding("card.name", error.messages[0])) from error
    locked = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if not locked.quarantined_reason:
        raise Refused(Finding("person.not_quarantined", "此人没有待核实的事项，可能刚刚由其他人处理。"))
    former = locked.name
    if name != former:
        locked.alias_names = [*dict.fromkeys([*locked.alias_names, former])]
        locked.name = name
        User.objects.filter(person=locked).update(name=name)
    locked.quarantined_reason = ""
    locked.save(update_fields=["name", "alias_names", "quarantined_reason"])
    audit.record("confirm_name", by=by, about=locked, detail={"former": former, "name": name, "reason": reason})
    return locked


def _take_over(person: Person, card: CardData, face: bytes | None) -> list[Finding]:
    """The card's data; a changed name is never overwritten silently but left for a clerk."""
    findings = printing_findings(card.name)
    if card.name != person.name:
        person.quarantined_reason = _changed_name(person.name, card.name)
        findings.append(
            Finding(
                "person.quarantined",
                "姓名与原登记不一致，已转人工核实",
                f"原登记“{person.name}”，本次身份证“{card.name}”。核对户口簿变更页等材料后，在本页“核实姓名”。"
                "核实之前不能办理证书业务。",
                turn="实名制登记点",
            )
        )
    _write_card(person, card, face)
    return findings


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


def _mark_registered(person: Person, *, by: User, office: Office, now: datetime) -> None:
    person.registered_at = now
    person.registered_at_office = office
    person.registered_by = by


def _open_login(id_number: str, name: str, password: str) -> User:
    user = User(login=login_of(id_number), sphere=Sphere.PERSON, name=name, must_change_password=True)
    user.set_password(password)
    user.save()
    return user


def _codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]
