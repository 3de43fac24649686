"""Reads and writes the number of a safety assessment certificate and the identifier of its electronic licence (GB/T
36904).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from .chinese import without_blanks
from .look_alikes import letter_meant, named, odd_digits
from .signs import ANGLES, BRACKETS, DASHES, RADICALS, visible

LOCAL_PROVINCE = "赣"
CATEGORIES = ("A", "B", "C1", "C2", "C3")
LEGACY_CATEGORY = "C"
"""It was issued before C was divided; a policy parameter says which category it becomes."""
PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁新兵"
SERIAL_DIGITS = 7
FIRST_YEAR = 2000
MAX_SERIAL = 10**SERIAL_DIGITS - 1
EXAMPLE = "赣建安A（2019）0001234"

IDENTIFIER_ROOT = "1.2.156.3005.2"
LICENCE_TYPE = "11100000000013338W011"
"""It contains the issuer of the licence type (the ministry's code) and the number of the type: safety assessment
certificate.
"""
_IDENTIFIER_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_TRADITIONAL = str.maketrans({"贛": LOCAL_PROVINCE, "灨": LOCAL_PROVINCE})
_PREFIX = re.compile(r"^(?:(?:安全生产考核合格)?证书?(?:编号|号码?)|编号|号码|NO\.?|№)[:：.是为]*", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<province>\D?)建安(?P<category>[^()]{0,4})\((?P<year>[^()]{1,8})\)(?P<serial>[^()]+)", re.DOTALL
)
_USUAL = re.compile(
    rf"{LOCAL_PROVINCE}建安({'|'.join(CATEGORIES)}|{LEGACY_CATEGORY})（(20\d\d)）(?!0{{{SERIAL_DIGITS}}})(\d{{{SERIAL_DIGITS}}})",
    re.ASCII,
)
"""Numbers are printed in this form; hundreds of thousands of old records have it and need no more reading."""
_USCC = re.compile(r"[0-9A-Z]{18}")
_IDENTIFIER = re.compile(
    rf"(?:{re.escape(IDENTIFIER_ROOT)}\.)?({LICENCE_TYPE}\.[0-9A-Z]{{18}}\.\d{{11}}\.\d{{3}})\.([0-9A-Z])",
    re.ASCII,
)


@dataclass(frozen=True, order=True)
class CertificateNumber:
    category: str
    year: int
    serial: int
    province: str = LOCAL_PROVINCE

    @property
    def is_local(self) -> bool:
        return self.province == LOCAL_PROVINCE

    def __str__(self) -> str:
        return f"{self.province}建安{self.category}（{self.year:04d}）{self.serial:0{SERIAL_DIGITS}d}"


def parse_number(text: str) -> CertificateNumber:
    """Accepts half-width or full-width signs, other brackets, blanks, lower case, and words around the number.

    A number of another province parses too (`is_local` is false): the caller points to the exchange.
    """
    if usual := _USUAL.fullmatch(text):
        return CertificateNumber(usual[1], int(usual[2]), int(usual[3]))
    plain = _plain(text)
    if not plain:
        raise ValidationError(f"请填写证书编号，例如 {EXAMPLE}。", code="number-empty")
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise ValidationError(_why_unreadable(plain), code="number-format")
    parts = match.groupdict()
    parts["year"] = parts["year"].removesuffix("年")
    parts["serial"] = parts["serial"].removeprefix("第").removesuffix("号")
    problems = [*_strange_signs(parts)]
    parts["category"] = parts["category"].upper()
    problems = problems or [*_problems(**parts)]
    if problems:
        raise ValidationError(problems)
    return CertificateNumber(parts["category"], int(parts["year"]), int(parts["serial"]), parts["province"])


_BARE = re.compile(r"(\w建安(?:A|B|C[123]?))(20[0-9]{2})([0-9]{0,7})")
"""A number as it is typed without its brackets; only a search reads it so."""


def number_beginning(text: str) -> str:
    """Answers what a search by the first characters of a number means, as it is stored; a blank for a name."""
    try:
        return str(parse_number(text))
    except ValidationError:
        plain = _plain(text).upper()
        if bare := _BARE.fullmatch(plain):
            return f"{bare[1]}（{bare[2]}）{bare[3]}"
        return plain.replace("(", "（").replace(")", "）") if "建安" in plain else ""


def numbers_with_serial(text: str, *, until: int) -> list[str]:
    """Answers every number that may end with a serial number which was typed alone; none where it is something else."""
    plain = _plain(text)
    if not re.fullmatch(rf"[0-9]{{1,{SERIAL_DIGITS}}}", plain) or int(plain) == 0:
        return []
    years = range(FIRST_YEAR, until + 1)
    return [format_number(category, year, int(plain)) for year in years for category in CATEGORIES]


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", visible(text).translate(RADICALS))
    plain = without_blanks(plain).translate(BRACKETS).translate(ANGLES).translate(_TRADITIONAL)
    return _PREFIX.sub("", plain.strip("'\"`“”‘’"))


def _why_unreadable(plain: str) -> str:
    wanted = f"应为“省份简称＋建安＋类别（年份）七位数字”，例如 {EXAMPLE}"
    if "建安" not in plain:
        return f"证书编号的格式不对，{wanted}；其中没有“建安”两字。"
    if "(" not in plain and ")" not in plain:
        dashes = "，不用横线" if re.search(f"[{DASHES}]", plain) else ""
        return f"证书编号的格式不对，{wanted}；年份要写在括号里{dashes}。"
    if plain.count("(") != 1 or plain.count(")") != 1:
        return f"证书编号的格式不对，{wanted}；括号不成对。"
    return f"证书编号的格式不对，{wanted}。"


def _strange_signs(parts: dict[str, str]) -> Iterator[ValidationError]:
    """Names the signs that look like the right ones, with their place."""
    category = parts["category"]
    for place, sign in enumerate(category, 1):
        if meant := letter_meant(sign) if place == 1 else "":
            said = f"证书编号中的类别“{category}”第 {place} 个字符是{named(sign)}，不是英文字母 {meant}，请重新填写。"
            yield ValidationError(said, code="number-sign")
    if category[:1] in ("C", "c", "С", "Ϲ"):
        yield from _odd("类别", category[1:], first=2)
    yield from _odd("年份", parts["year"])
    yield from _odd("序号", parts["serial"])


def _odd(part: str, digits: str, *, first: int = 1) -> Iterator[ValidationError]:
    for place, sign, meant in odd_digits(digits):
        instead = f"应为数字 {meant}" if meant else "这里只能是数字"
        said = f"证书编号中{part}的第 {place + first - 1} 个字符是{named(sign)}，{instead}，请重新填写。"
        yield ValidationError(said, code="number-sign")


def _problems(province: str, category: str, year: str, serial: str) -> list[ValidationError]:
    found = []
    if not province:
        found.append(ValidationError("证书编号缺少开头的省份简称，江西省的证书以“赣”开头。", code="number-province"))
    elif province not in PROVINCES:
        found.append(ValidationError(f"证书编号开头的“{province}”不是省份简称。", code="number-province"))
    if not category:
        found.append(ValidationError(f"证书编号里没有类别，应写在“建安”后面，例如 {EXAMPLE}。", code="number-format"))
    elif category not in (*CATEGORIES, LEGACY_CATEGORY):
        found.append(ValidationError(f"证书类别“{category}”不存在，应为 A、B、C1、C2 或 C3。", code="number-category"))
    if len(year) != 4:
        found.append(ValidationError(f"证书编号中的年份应为四位数字，例如 {EXAMPLE}。", code="number-format"))
    elif not 2000 <= int(year) <= 2099:
        found.append(ValidationError(f"证书编号中的年份“{year}”不对。", code="number-year"))
    if len(serial) != SERIAL_DIGITS:
        found.append(
            ValidationError(
                f"证书编号最后应为 {SERIAL_DIGITS} 位数字，您填写了 {len(serial)} 位。", code="number-serial"
            )
        )
    elif int(serial) == 0:
        found.append(ValidationError("证书编号最后的 7 位数字不能全为 0。", code="number-serial"))
    return found


def format_number(category: str, year: int, serial: int) -> str:
    """Writes the canonical form of a number of this province, for categories that are still issued."""
    if category not in CATEGORIES:
        raise ValueError(f"unknown certificate category {category!r}")
    if not 2000 <= year <= 2099:
        raise ValueError(f"year out of range: {year}")
    if not 1 <= serial <= MAX_SERIAL:
        raise ValueError(f"serial out of range: {serial}")
    return str(CertificateNumber(category, year, serial))


def licence_identifier(*, issuer_uscc: str, year: int, serial: int, version: int) -> str:
    if not _USCC.fullmatch(issuer_uscc):
        raise ValueError("the issuer's unified social credit code has 18 characters")
    if not (2000 <= year <= 2099 and 1 <= serial <= MAX_SERIAL and 1 <= version <= 999):
        raise ValueError(f"out of range: year {year}, serial {serial}, version {version}")
    body = f"{LICENCE_TYPE}.{issuer_uscc}.{year}{serial:0{SERIAL_DIGITS}d}.{version:03d}"
    return f"{IDENTIFIER_ROOT}.{body}.{_check_character(body.replace('.', ''))}"


def check_licence_identifier(text: str) -> bool:
    """Accepts the identifier with or without the root, whose digits are not part of the check."""
    match = _IDENTIFIER.fullmatch(text)
    return match is not None and _check_character(match[1].replace(".", "")) == match[2]


def _check_character(body: str) -> str:
    """The check follows ISO 7064 MOD 37,36."""
    product = 36
    for character in body:
        product = (product + _IDENTIFIER_ALPHABET.index(character)) % 36 or 36
        product = product * 2 % 37
    return _IDENTIFIER_ALPHABET[(37 - product) % 36]
