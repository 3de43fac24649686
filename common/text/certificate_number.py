"""Reads and writes the number of a safety assessment certificate and the identifier of its electronic licence (GB/T
36904).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError

LOCAL_PROVINCE = "赣"
CATEGORIES = ("A", "B", "C1", "C2", "C3")
LEGACY_CATEGORY = "C"
"""It was issued before C was divided; a policy parameter says which category it becomes."""
PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁新兵"
SERIAL_DIGITS = 7
MAX_SERIAL = 10**SERIAL_DIGITS - 1
EXAMPLE = "赣建安A（2019）0001234"

IDENTIFIER_ROOT = "1.2.156.3005.2"
LICENCE_TYPE = "11100000000013338W011"
"""It contains the issuer of the licence type (the ministry's code) and the number of the type: safety assessment
certificate.
"""
_IDENTIFIER_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_BRACKETS = str.maketrans("〔［【[｛{〕］】]｝}", "(((((())))))")
_NUMBER = re.compile(r"(?P<province>\D?)建安(?P<category>[A-Z]\d?)\((?P<year>\d{4})\)(?P<serial>\d+)号?", re.ASCII)
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
    """Accepts half-width or full-width signs, other brackets, blanks and lower case.

    A number of another province parses too (`is_local` is false): the caller points to the exchange.
    """
    if usual := _USUAL.fullmatch(text):
        return CertificateNumber(usual[1], int(usual[2]), int(usual[3]))
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).translate(_BRACKETS).upper()
    if not plain:
        raise ValidationError(f"请填写证书编号，例如 {EXAMPLE}。", code="number-empty")
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise ValidationError(
            f"证书编号的格式不对，应为“省份简称＋建安＋类别（年份）七位数字”，例如 {EXAMPLE}。", code="number-format"
        )
    problems = list(_problems(**match.groupdict()))
    if problems:
        raise ValidationError(problems)
    return CertificateNumber(match["category"], int(match["year"]), int(match["serial"]), match["province"])


def _problems(province: str, category: str, year: str, serial: str) -> list[ValidationError]:
    found = []
    if not province:
        found.append(ValidationError("证书编号缺少开头的省份简称，江西省的证书以“赣”开头。", code="number-province"))
    elif province not in PROVINCES:
        found.append(ValidationError(f"证书编号开头的“{province}”不是省份简称。", code="number-province"))
    if category not in (*CATEGORIES, LEGACY_CATEGORY):
        found.append(ValidationError(f"证书类别“{category}”不存在，应为 A、B、C1、C2 或 C3。", code="number-category"))
    if not 2000 <= int(year) <= 2099:
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
