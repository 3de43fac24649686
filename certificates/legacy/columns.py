"""Defines the columns of a file of old certificates.

A file repeats its enterprises, posts and days, so the parsers remember them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from django.core.exceptions import ValidationError

from accounts.enums import Sex
from accounts.people.columns import ID_NUMBER, NAME
from common.tabular.cells import Cell, as_text, day, text
from common.tabular.column import Column
from common.text.certificate_number import parse_number
from common.text.chinese import half_width, single_blanks, without_blanks
from common.text.lengths import up_to
from common.text.organisations import parse_organisation_name
from common.text.signs import characters_meant
from common.text.uscc import normalise_uscc

UNDIVIDED = "C"
_REMEMBERED = 65_536
_LETTER = re.compile("(A|B|C[123]?)[类证]*")
_WORDS = (
    ("机械", "C1"),
    ("土建", "C2"),
    ("综合", "C3"),
    ("项目负责人", "B"),
    ("项目经理", "B"),
    ("专职", UNDIVIDED),
    ("安全员", UNDIVIDED),
    ("安全生产管理人员", UNDIVIDED),
    ("主要负责人", "A"),
    ("企业负责人", "A"),
)
_SEX_WORDS = {
    Sex.MALE: ("男", "男性", "男士", "先生", "1", "01", "M", "MALE"),
    Sex.FEMALE: ("女", "女性", "女士", "2", "02", "F", "FEMALE"),
}
_SEX = {word: sex for sex, words in _SEX_WORDS.items() for word in words}
_UNKNOWN_SEX = (
    "未知",
    "未知性别",
    "未知的性别",
    "不详",
    "不明",
    "未说明",
    "未说明性别",
    "未说明的性别",
    "0",
    "9",
    "-",
    "—",
    "/",
    "无",
    "空",
)
"""GB/T 2261.1 has 0 and 9 for them. The ID number says the sex."""
UNKNOWN_SEX = "unknown"


@lru_cache(maxsize=1024)
def parse_category(word: str) -> str:
    """Takes a letter or the words of the rules; `C` means that the old certificate does not say which C."""
    plain = without_blanks(half_width(word)).upper()
    match = _LETTER.fullmatch(plain)
    if match:
        return match[1]
    for part, category in _WORDS:
        if part in plain:
            return category
    raise ValidationError(f"无法识别的证书类别：{word[:20]}，应为 A、B、C1、C2、C3 或“主要负责人”等。")


def parse_sex(value: Cell) -> str:
    """Answers UNKNOWN_SEX where the file says that it does not know."""
    word = without_blanks(characters_meant(half_width(text(value)))).upper()
    if word in _UNKNOWN_SEX:
        return UNKNOWN_SEX
    if word not in _SEX:
        raise ValidationError("性别应为“男”或“女”；不清楚的请留空，按身份证号码填写。")
    return _SEX[word].value


@lru_cache(maxsize=_REMEMBERED)
def parse_enterprise_name(name: str) -> str:
    return parse_organisation_name(name)


@lru_cache(maxsize=_REMEMBERED)
def parse_uscc(code: str) -> tuple[str, str]:
    """Answers (code, "") or ("", text): old registration numbers of 15 digits stand in this column too, and an old
    certificate is not refused because of them.
    """
    try:
        return normalise_uscc(code), ""
    except ValidationError:
        return "", code


@lru_cache(maxsize=_REMEMBERED)
def parse_post(post: str) -> str:
    return up_to(60, single_blanks(post))


@lru_cache(maxsize=1024)
def parse_state(state: str) -> str:
    return up_to(30, single_blanks(state))


COLUMNS = (
    NAME,
    ID_NUMBER,
    Column("sex", "性别", parse=parse_sex),
    Column("number", "证书编号", ("证书号", "编号"), required=True, parse=as_text(parse_number)),
    Column("category", "类别", ("证书类别",), parse=as_text(parse_category)),
    Column("enterprise_name", "企业名称", ("单位名称", "工作单位"), parse=as_text(parse_enterprise_name)),
    Column("uscc", "统一社会信用代码", ("信用代码",), parse=as_text(parse_uscc)),
    Column("post", "职务", parse=as_text(parse_post)),
    Column("first_issued_on", "初次领证日期", ("初次发证日期",), parse=day),
    Column("issued_on", "发证日期", parse=day),
    Column("valid_from", "有效期起", ("有效期开始",), parse=day),
    Column("valid_to", "有效期止", ("有效期至", "截止日期", "有效期结束"), required=True, parse=day),
    Column("source_state", "状态", parse=as_text(parse_state)),
)
