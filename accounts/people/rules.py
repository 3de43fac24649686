"""Checks registrations, passwords and ID photos and answers every problem at once, as findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.enums import Sex, Sphere
from accounts.models import Person, User
from common.dates import chinese_date
from common.files import images
from common.findings import Finding, Level
from common.text.chinese import single_blanks
from common.text.ethnicity import normalise_ethnicity, validate_ethnicity
from common.text.id_number import Paper, even_id_number, normalise_id_number, paper_of, read_id_number
from common.text.names import normalise_name, validate_name
from common.text.phones import digits_of_phone
from common.text.printable import characters_not_printable
from common.text.signs import characters_meant

Value = TypeVar("Value")

_MOBILE = re.compile(r"1[3-9][0-9]{9}")


@dataclass(frozen=True)
class CardData:
    """Holds what stands on a resident identity card, as read by a kiosk or typed by a clerk.

    `valid_to` None means 长期.
    """

    name: str
    id_number: str
    sex: str
    ethnicity: str
    birth_date: date
    address: str
    valid_from: date
    valid_to: date | None


def clean_card(card: CardData) -> CardData:
    """Gives texts one spelling for storing and matching. What cannot be read stays as it is, and `card_findings`
    names it.
    """
    id_number, ethnicity = even_id_number(card.id_number), single_blanks(card.ethnicity)
    with suppress(ValidationError):  # card_findings names it, together with everything else
        id_number = normalise_id_number(id_number)
        # Cards of people from Hong Kong, Macao and Taiwan and of foreigners name no ethnic group.
        ethnicity = ethnicity if paper_of(id_number) == Paper.RESIDENT else ""
    return replace(
        card,
        name=normalise_name(card.name),
        id_number=id_number,
        ethnicity=normalise_ethnicity(ethnicity),
        address=single_blanks(characters_meant(card.address)),
    )


def card_findings(card: CardData, *, today: date) -> list[Finding]:
    """`card` has passed `clean_card`."""
    return [
        *_from_validation("card.name", validate_name, card.name),
        *_from_validation("card.ethnicity", validate_ethnicity, card.ethnicity),
        *_number_findings(card, today),
        *_validity_findings(card, today),
    ]


def _number_findings(card: CardData, today: date) -> Iterable[Finding]:
    try:
        normalise_id_number(card.id_number, today)
    except ValidationError as error:
        yield Finding("card.id_number", error.messages[0])
        return
    facts = read_id_number(card.id_number)
    if not facts.may_be_born_on(card.birth_date):
        yield Finding(
            "card.birth_date",
            "出生日期与身份证号码不符",
            f"号码中的出生日期是{chinese_date(facts.birth_date)}，请对照身份证核对两处。",
        )
    if not card.ethnicity and paper_of(card.id_number) == Paper.RESIDENT:
        yield Finding("card.ethnicity", "请填写民族，与身份证一致。")
    if facts.sex is not None and facts.sex != card.sex:
        yield Finding("card.sex", "性别与身份证号码不符", f"号码第17位表示“{Sex(facts.sex).label}”，请对照身份证核对。")


def _validity_findings(card: CardData, today: date) -> Iterable[Finding]:
    if card.valid_from > today:
        yield Finding("card.valid_from", "身份证有效期的开始日期晚于今天，请核对。")
    if card.valid_to is None:
        return
    if card.valid_to <= card.valid_from:
        yield Finding("card.valid_order", "身份证有效期的截止日期不晚于开始日期，请核对。")
    elif card.valid_to < today:
        yield Finding(
            "card.expired",
            "身份证已过期",
            f"有效期至{chinese_date(card.valid_to)}。请先到公安机关换领新证，再来登记。",
            turn="本人",
        )


def printing_findings(name: str) -> list[Finding]:
    """Warns when the name is entered, and not first when a certificate is issued; the registration itself goes on."""
    missing = characters_not_printable(name)
    if not missing:
        return []
    return [
        Finding(
            "card.not_printable",
            f"姓名中的“{'、'.join(missing)}”暂时不能印在电子证书上",
            "登记不受影响。字库补充之前，电子证书会等待签发，不会印错字。请把这个字报给省厅系统管理员。",
            Level.ADVISORY,
            turn="省厅",
        )
    ]


SHORTEST_OF_PERSONS = 8
SHORTEST_OF_STAFF = 10
FORMER_PASSWORDS = 5
_PIECE = 6


def shortest_password(user: User) -> int:
    return SHORTEST_OF_PERSONS if user.sphere == Sphere.PERSON else SHORTEST_OF_STAFF


def password_help(user: User) -> str:
    about = "姓名、手机号码或身份证号码" if user.sphere == Sphere.PERSON else "姓名或登录名"
    return (
        f"至少{shortest_password(user)}个字符，不能全是数字，不能是常见密码，不要包含{about}，"
        f"不能与最近{FORMER_PASSWORDS}次用过的相同。"
    )


def password_findings(password: str, *, user: User, person: Person | None, former: Iterable[str] = ()) -> list[Finding]:
    """Answers every problem at once. `former` are hashes."""
    findings = []
    if len(password) < shortest_password(user):
        findings.append(
            Finding("password.short", f"密码至少{shortest_password(user)}个字符，现在是{len(password)}个。")
        )
    findings += _from_validation("password.weak", lambda text: validate_password(text, user), password)
    if user.has_usable_password() and user.check_password(password):
        findings.append(Finding("password.same", "新密码与现在的密码相同，请换一个。"))
    elif any(check_password(password, each) for each in former):
        findings.append(Finding("password.former", f"这个密码最近{FORMER_PASSWORDS}次内用过，请换一个没有用过的。"))
    return findings + list(_guessable(password.lower(), user, person))


def _guessable(password: str, user: User, person: Person | None) -> Iterable[Finding]:
    if user.name.lower() in password:
        yield Finding("password.name", "密码不能包含姓名：认识您的人会先试这个。")
    if person is None:
        if user.login in password:
            yield Finding("password.login", "密码不能包含登录名：登录名不是秘密。")
        return
    if _shares_a_piece(password, person.id_number.lower()):
        yield Finding(
            "password.id_number", "密码不能包含身份证号码中连续的6位，例如出生日期：知道您号码的人会先试这些。"
        )
    if person.phone and _shares_a_piece(password, person.phone):
        yield Finding("password.phone", "密码不能包含手机号码中连续的6位：很多人知道您的手机号。")


def _shares_a_piece(password: str, number: str) -> bool:
    return any(number[at : at + _PIECE] in password for at in range(len(number) - _PIECE + 1))


def photo_findings(data: bytes) -> list[Finding]:
    """Checks kind of file, pixels, size and shape."""
    return _from_validation("photo", images.id_photo_master, data)


def clean_phone(text: str) -> str:
    """Answers a mobile number of mainland China. Raises ValidationError."""
    phone = digits_of_phone(text)
    if phone and not _MOBILE.fullmatch(phone):
        raise ValidationError("请填写11位手机号码，例如 13800000000。", code="phone")
    return phone


def _from_validation(code: str, check: Callable[[Value], object], value: Value) -> list[Finding]:
    try:
        check(value)
    except ValidationError as error:
        return [Finding(f"{code}.{each.code}" if each.code else code, each.messages[0]) for each in error.error_list]
    return []
