"""Reads the numbers of the papers by which persons are registered, in the forms that people write.

Citizens' ID numbers (公民身份号码, GB 11643) have 6 region + 8 birth + 3 sequence (odd = male) + check character. Residence
permits of people from Hong Kong, Macao and Taiwan (港澳台居民居住证) have the same form under 810000, 820000 and 830000, and
so has the permanent residence card of foreigners since December 2023 (9 + issuing province + country). The older cards of
foreigners bear three letters of the country, four digits of the place, the birth date in six digits and two digits more.

A number with a check character is never refused by its region: prefectures abolished long ago live on in people's numbers.
The 15 digits of old cards have no check character, so there the province must exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import mul
from typing import Literal

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from .chinese import without_blanks
from .look_alikes import letter_meant, named, odd_digits, told
from .papers import advice_on_another_paper
from .signs import DASHES, half_width

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_OLDEST_AGE = 130
_PLAIN = re.compile("[0-9]{17}[0-9X]", re.ASCII)
_ROMAN_TEN = str.maketrans("ⅩⅹХхΧχ", "XXXXXX")
"""The standard itself calls the last character a Roman numeral; the others are letters that look the same."""
_LABEL = re.compile(r"^(?:公民)?(?:居民)?(?:身份|证件)证?(?:号码?)?[:：]|[\"'`“”‘’]")
_PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82]
)
_OLD_FOREIGN = re.compile("[A-Z]{3}[0-9]{12}")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)
_DIGITS_LOST = "像是表格软件把号码存成数字时丢失了末几位（变成 000），请从原件重新填写，并先把该列设为“文本”格式"

Sex = Literal["male", "female"]


class Paper(StrEnum):
    RESIDENT = "居民身份证"
    PERMIT = "港澳台居民居住证"
    FOREIGNER = "外国人永久居留身份证"


@dataclass(frozen=True)
class IdNumberFacts:
    birth_date: date
    sex: Sex | None
    """None where the number does not say it: older cards of foreigners."""

    def may_be_born_on(self, day: date) -> bool:
        """Older numbers of foreigners leave the century out, so there a day of another century fits too."""
        if self.sex is not None:
            return self.birth_date == day
        years = self.birth_date.year - day.year
        return years % 100 == 0 and (self.birth_date.month, self.birth_date.day) == (day.month, day.day)


def id_check_character(first17: str) -> str:
    if len(first17) != len(_WEIGHTS):
        raise ValueError("the check character follows 17 digits")
    # This is twice as fast as a generator, and an import of old certificates spends much of its time here.
    return _CHECK_CHARACTERS[sum(map(mul, _WEIGHTS, map(int, first17))) % 11]


def normalise_id_number(text: str, today: date | None = None) -> str:
    """Answers the 18-character form; legacy numbers of 15 digits are converted, older numbers of foreigners keep their 15.

    Raises ValidationError with one sentence, which never repeats digits of the number.
    """
    number = text if _PLAIN.fullmatch(text) else even_id_number(text)
    if _OLD_FOREIGN.fullmatch(number):
        _check_birth_date(_birth_of_foreigner(number), today)
        return number
    _check_shape(number)
    if len(number) == 15:
        _check_province(number)
        first17 = number[:6] + "19" + number[6:]
        number = first17 + id_check_character(first17)
    _check_birth_date((number[6:10], number[10:12], number[12:14]), today)
    if number[17] != id_check_character(number[:17]):
        if number.endswith("000"):
            raise ValidationError(f"身份证号码有误：校验位不符，{_DIGITS_LOST}。", code="digits_lost")
        raise ValidationError("身份证号码有误：校验位不符，请对照身份证逐位核对。", code="check")
    return number


def even_id_number(text: str) -> str:
    """Answers what stands there without blanks, dashes and words around it; it is not yet checked."""
    number = without_blanks(half_width(text)).upper().translate(_ROMAN_TEN)
    return re.sub(f"(?<=[0-9])[{DASHES}](?=[0-9])", "", _LABEL.sub("", number))


def paper_of(number: str) -> Paper:
    """Takes a normalised number."""
    if number[0] == "9" or _OLD_FOREIGN.fullmatch(number):
        return Paper.FOREIGNER
    return Paper.PERMIT if number[:6] in ("810000", "820000", "830000") else Paper.RESIDENT


def _check_shape(number: str) -> None:
    if not number:
        raise ValidationError("请填写身份证号码。", code="empty")
    if _SCIENTIFIC.fullmatch(number):
        raise ValidationError(f"这不是完整的身份证号码：{_DIGITS_LOST}。", code="digits_lost")
    if len(number) not in (15, 18):
        advice = advice_on_another_paper(number)
        raise ValidationError(f"身份证号码应为18位（旧证15位），现为{len(number)}位。{advice}", code="length")
    body = number if len(number) == 15 else number[:17]
    odd = [told(*one) for one in odd_digits(body)]
    rule = "15位身份证号码应全部为数字" if len(number) == 15 else "身份证号码前17位应为数字，最后一位应为数字或X"
    last = number[17:]
    if last and not re.fullmatch("[0-9X]", last):
        odd.append(f"第18位是{named(last)}" + ("，应为大写字母 X" if letter_meant(last) == "X" else ""))
    if odd:
        # A long list says nothing that the first does not say.
        advice = advice_on_another_paper(number)
        raise ValidationError(f"{rule}：{'；'.join(odd[:3])}。{advice}", code="characters")


def _check_province(number: str) -> None:
    if int(number[:2]) not in _PROVINCES or number[2:6] == "0000":
        raise ValidationError(
            "15位身份证号码开头的6位不是行政区划代码，旧证号码没有校验位，请对照证件逐位核对。", code="region"
        )


def _birth_of_foreigner(number: str) -> tuple[str, str, str]:
    """Answers the last century in which the year has begun."""
    year = 2000 + int(number[7:9])
    century = 19 if year > localdate().year else 20
    return f"{century}{number[7:9]}", number[9:11], number[11:13]


def _check_birth_date(parts: tuple[str, str, str], today: date | None) -> None:
    today = today or localdate()
    try:
        birth_date = date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError as error:
        raise ValidationError("身份证号码中的出生日期不存在，请核对。", code="birth_date") from error
    if birth_date > today:
        raise ValidationError("身份证号码中的出生日期晚于今天，请核对。", code="birth_date")
    if today.year - birth_date.year > _OLDEST_AGE:
        raise ValidationError(f"身份证号码中的出生日期距今超过{_OLDEST_AGE}年，请核对。", code="birth_date")


def read_id_number(number: str) -> IdNumberFacts:
    """Takes a normalised number."""
    if _OLD_FOREIGN.fullmatch(number):
        year, month, day = _birth_of_foreigner(number)
        return IdNumberFacts(date(int(year), int(month), int(day)), None)
    return IdNumberFacts(
        birth_date=date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
        sex="male" if int(number[16]) % 2 else "female",
    )


def is_id_number(text: str) -> bool:
    try:
        normalise_id_number(text)
    except ValidationError:
        return False
    return True


def validate_id_number(text: str) -> None:
    normalise_id_number(text)
