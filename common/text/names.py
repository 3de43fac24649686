"""Gives names of people one spelling: any script, one separator (·, U+00B7), characters of old code pages mapped to
Unicode.
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError

from .chinese import single_blanks
from .signs import DASHES, DOTS, IDEOGRAPH, characters_meant, half_width

SEPARATOR = "\u00b7"
LONGEST_NAME = 100
"""The unit is code points, not bytes; names of minorities may have more than 50 characters."""

_SEPARATOR_LIKES = re.compile(rf"\s*[{DOTS}]\s*")

# These characters were in the private use area under older GB 18030, in its order from byte pair FE50 (7F left out):
# U+E815 … U+E864.
_FE50_BLOCK = (
    "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌"
    "龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
)
LEGACY_CODE_POINTS: dict[int, str] = {
    0xE7C7: "\u1e3f",
    0xE7C8: "\u01f9",
    **{0xE815 + position: character for position, character in enumerate(_FE50_BLOCK)},
}
"""Maps private-use code points to Unicode (GB 18030-2000 and -2005 against their later editions). Others are not known."""

_BLANK_AT_IDEOGRAPH = re.compile(rf"(?<={IDEOGRAPH})\s+|\s+(?={IDEOGRAPH})")
_DOT_BETWEEN_IDEOGRAPHS = re.compile(rf"(?<={IDEOGRAPH})\s*[.{DASHES}]\s*(?={IDEOGRAPH})")
_COMMA_IN_LATIN = re.compile(r"\s*,\s*")
_ALWAYS_ALLOWED = re.compile(rf"{IDEOGRAPH}|[·'’. \-]")
_SENTENCES_OF_SIGNS = dict.fromkeys("。、｡､;:/|*+", "间隔号请写“·”，两个人的姓名请分开填写") | dict.fromkeys(
    "○◯⚪", "这是图形，姓名中的汉字请写“〇”"
)


def normalise_name(text: str) -> str:
    """Gives one spelling for storing and matching. It never removes a separator, only unifies it."""
    name = evened(text)
    name = _DOT_BETWEEN_IDEOGRAPHS.sub(SEPARATOR, name)
    # 张　三 is typed to align with names of three characters; blanks between Latin words belong to the name.
    name = _BLANK_AT_IDEOGRAPH.sub("", name)
    return _COMMA_IN_LATIN.sub(", ", name).strip() if "," in name else name


def evened(text: str) -> str:
    """Gives every sign of a name, be it of a person or an organisation, one form: separators, blanks, width, old code pages."""
    name = characters_meant(text.translate(LEGACY_CODE_POINTS))
    return single_blanks(half_width(_SEPARATOR_LIKES.sub(SEPARATOR, name)))


def name_key(text: str) -> str:
    """Answers what is compared where somebody asks by name: it also leaves out separators, blanks and capitals."""
    return re.sub("[·, .’'-]", "", normalise_name(text)).casefold()


def validate_name(name: str) -> None:
    """The name is normalised already. Raises ValidationError with one sentence."""
    if not name:
        raise ValidationError("请填写姓名。", code="empty")
    if len(name) > LONGEST_NAME:
        raise ValidationError(f"姓名最长{LONGEST_NAME}个字，现为{len(name)}个字。", code="length")
    for character in name:
        _validate_character(character)
    if not (_is_letter(name[0]) and (_is_letter(name[-1]) or name[-1] == ".")):
        raise ValidationError("姓名的首尾应为文字，间隔号只用在中间。", code="separator")
    if SEPARATOR * 2 in name:
        raise ValidationError("姓名中的间隔号“·”连续出现，请核对。", code="separator")
    if "," in name:
        _validate_comma(name)
    if not any(_is_letter(character) and unicodedata.category(character) not in _MERE_SIGNS for character in name):
        raise ValidationError("姓名里没有文字，请核对。", code="character")


_MERE_SIGNS = ("Lm", "Mn", "Mc", "Me")


def _validate_comma(name: str) -> None:
    """Papers of foreigners write SMITH, JOHN."""
    if re.search(IDEOGRAPH, name):
        raise ValidationError("汉字姓名中不应有逗号：间隔号请写“·”，两个人的姓名请分开填写。", code="character")
    if name.count(",") > 1:
        raise ValidationError("姓名中只能有一个逗号（姓在前，名在后，如 SMITH, JOHN），请核对。", code="character")


def _is_letter(character: str) -> bool:
    return bool(re.match(IDEOGRAPH, character)) or unicodedata.category(character)[0] in "LM"


def _validate_character(character: str) -> None:
    if _ALWAYS_ALLOWED.match(character) or character == ",":
        return
    category = unicodedata.category(character)
    if category == "Co":
        raise ValidationError(
            f"姓名中有旧系统的自造字（U+{ord(character):04X}），系统无法识别，请改用身份证上的字重新录入。",
            code="private_use",
        )
    if category[0] == "N":
        raise ValidationError("姓名中不应有数字。", code="digit")
    if category[0] not in "LM":
        shown = character if category[0] in "PS" else f"U+{ord(character):04X}"
        advice = _SENTENCES_OF_SIGNS.get(character)
        more = f"：{advice}。" if advice else "，请核对证件后重新填写。"
        raise ValidationError(f"姓名中有不能使用的字符“{shown}”{more}", code="character")
