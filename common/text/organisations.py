"""Gives names of enterprises and other organisations one spelling for storing, matching and searching.

The registry writes brackets full width and no blanks between characters. Whatever a spreadsheet, a PDF file or a web page
adds to a name must neither rename an enterprise nor part an old certificate from its employer.
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError

from .lengths import up_to
from .names import SEPARATOR, evened
from .signs import BRACKETS, IDEOGRAPH

LONGEST_ORGANISATION_NAME = 200

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""Workbooks write a line end inside a cell as _x000D_."""
_GUARDS = re.compile("""^=(?=")|^['`´‘’＇｀]+""")
"""Files keep a spreadsheet from taking a text for a number by these."""
_QUOTED = re.compile('"([^"]*)"')
_JOINT = rf"(?:{IDEOGRAPH}|[（）·])"
_BLANK_AT_IDEOGRAPH = re.compile(rf"(?<={_JOINT})\s+|\s+(?={_JOINT})")
_DOT_BETWEEN_IDEOGRAPHS = re.compile(rf"(?<={IDEOGRAPH})\s*\.\s*(?={IDEOGRAPH})")
_ANGLED = re.compile("[〈⟨﹤<《]([^〈〉⟨⟩﹤﹥<>《》]*)[〉⟩﹥>》](?!.{0,6}(?:社|编辑部))")
"""A periodical's publisher bears a title in 《》; elsewhere these stand for round brackets."""
_FULL_WIDTH_BRACKETS = str.maketrans("()", "（）")


def normalise_organisation_name(text: str) -> str:
    name = text
    while _ESCAPED.search(name):
        name = _ESCAPED.sub(_decoded, name)
    name = _without_guards(evened(name))
    name = _ANGLED.sub(r"(\1)", name).translate(BRACKETS).translate(_FULL_WIDTH_BRACKETS)
    name = _DOT_BETWEEN_IDEOGRAPHS.sub(SEPARATOR, name)
    return _BLANK_AT_IDEOGRAPH.sub("", name)


def parse_organisation_name(text: str) -> str:
    """Answers the spelling that is stored. Raises ValidationError with one sentence."""
    name = normalise_organisation_name(text)
    validate_organisation_name(name)
    return name


def validate_organisation_name(name: str) -> None:
    """The name is normalised already. Raises ValidationError with one sentence."""
    if not name:
        raise ValidationError("请填写企业名称。", code="empty")
    up_to(LONGEST_ORGANISATION_NAME, name)
    for character in name:
        category = unicodedata.category(character)
        is_ideograph = bool(re.match(IDEOGRAPH, character))
        if category in ("Cc", "Cs", "So", "Sk") or (category == "Cn" and not is_ideograph):
            shown = character if category[0] == "S" else f"U+{ord(character):04X}"
            raise ValidationError(f"企业名称中有不能使用的字符“{shown}”，请对照营业执照重新填写。", code="character")
    if not any(_is_letter(character) for character in name):
        raise ValidationError("企业名称里没有文字，请对照营业执照填写全称。", code="signs")


def is_same_organisation(name: str, other: str) -> bool:
    """Leaves out differences of spelling: names printed long ago have stray signs too."""
    return name == other or normalise_organisation_name(name) == normalise_organisation_name(other)


def _is_letter(character: str) -> bool:
    return bool(re.match(IDEOGRAPH, character)) or unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lo", "Co")


def _decoded(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return " " if unicodedata.category(character) in ("Cc", "Cs") else character


def _without_guards(name: str) -> str:
    """Repeats where a guard stood inside another."""
    while True:
        bare = _GUARDS.sub("", name).strip()
        if quoted := _QUOTED.fullmatch(bare):
            bare = quoted[1].strip()
        if bare == name:
            return name
        name = bare
