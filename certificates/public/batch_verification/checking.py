"""Verifies many certificates by number and name, a constant number of statements for each part of a list.

It answers what the single lookup answers (`certificates.public.lookup`): unknown, not matching and unusable are one
answer, in the same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError

from accounts.models import Person
from certificates.facts.holdings import load_holdings
from certificates.models import Certificate
from certificates.public.lookup import Found, usable
from common.text.certificate_number import parse_number
from common.text.names import name_key

AT_ONCE = 500
"""The unit is rows that share their statements."""
LONGEST = 200
NOT_CONFIRMED = "没有查到可以正常使用的证书：编号或姓名有误，或者证书已过期、注销、处于异常状态。"
OTHER_PROVINCE = "这是外省的证书编号，请向发证省份查询。"


class Outcome(StrEnum):
    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    UNREADABLE = "unreadable"


WORDS = {Outcome.CONFIRMED: "核验通过", Outcome.NOT_CONFIRMED: "未查到", Outcome.UNREADABLE: "无法识别"}


@dataclass(frozen=True)
class Asked:
    """Holds one row as it was given."""

    number: str
    name: str


@dataclass(frozen=True)
class Checked:
    asked: Asked
    outcome: Outcome
    sentence: str
    found: Found | None = None

    @property
    def word(self) -> str:
        return WORDS[self.outcome]

    @property
    def tone(self) -> str:
        return "good" if self.found else "bad" if self.outcome is Outcome.NOT_CONFIRMED else "warn"


def check_all(asked: Sequence[Asked]) -> list[Checked]:
    """Answers in the order of the rows."""
    return [one for start in range(0, len(asked), AT_ONCE) for one in _check(asked[start : start + AT_ONCE])]


def _check(asked: Sequence[Asked]) -> Iterator[Checked]:
    read = [_number(one) for one in asked]
    found = _found({number for number, problem in read if not problem})
    for one, (number, problem) in zip(asked, read, strict=True):
        if problem:
            yield Checked(one, Outcome.UNREADABLE, problem)
            continue
        held = found.get((number, name_key(one.name)))
        if held is None:
            yield Checked(one, Outcome.NOT_CONFIRMED, NOT_CONFIRMED)
        else:
            yield Checked(one, Outcome.CONFIRMED, held.state.sentence, held)


def _number(one: Asked) -> tuple[str, str]:
    """Answers the number in its one spelling, or why the row cannot be read."""
    if not one.number or not name_key(one.name):
        return "", "证书编号、姓名都要填写。"
    if len(one.number) > LONGEST or len(one.name) > LONGEST:
        return "", f"证书编号、姓名最多 {LONGEST} 个字。"
    try:
        number = parse_number(one.number)
    except ValidationError as error:
        return "", " ".join(error.messages)
    return (str(number), "") if number.is_local else ("", OTHER_PROVINCE)


def _found(numbers: set[str]) -> Mapping[tuple[str, str], Found]:
    """Answers the certificates in use, by number and by every name that their holder has."""
    owners = dict(Certificate.objects.filter(number__in=numbers).values_list("number", "person_id"))
    people = Person.objects.filter(pk__in=owners.values()).values_list("pk", "name", "alias_names")
    names = {pk: {name_key(known) for known in (name, *aliases)} for pk, name, aliases in people}
    shown = {found.number: found for found in usable(load_holdings(names))} if names else {}
    return {
        (number, name): shown[number]
        for number, person_id in owners.items()
        if number in shown
        for name in names[person_id]
    }
