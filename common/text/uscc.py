"""Reads unified social credit codes (统一社会信用代码, GB 32100): 17 characters and a check character.

The organisation part's own check is not made, and the region is only known to be digits, because codes of abolished
regions stay in use.
"""

from __future__ import annotations

import re
from string import digits

from django.core.exceptions import ValidationError

from .chinese import without_blanks
from .look_alikes import digit_meant, told
from .signs import DASHES, half_width

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_LABEL = re.compile(r"^(?:统一社会)?(?:信用)?(?:代码|编号)[:：]|[\"'`“”‘’]")
_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))


def uscc_check_character(first17: str) -> str:
    total = sum(weight * _VALUES[character] for weight, character in zip(_WEIGHTS, first17, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def even_code(text: str) -> str:
    """Answers capitals, half width, without blanks, dashes and words before the code; it is not yet checked."""
    code = without_blanks(half_width(text)).upper()
    return re.sub(f"(?<=[0-9A-Z])[{DASHES}](?=[0-9A-Z])", "", _LABEL.sub("", code))


def normalise_uscc(text: str) -> str:
    """Raises ValidationError with one sentence, which names strange signs and their places."""
    code = even_code(text)
    if not code:
        raise ValidationError("请填写统一社会信用代码。", code="empty")
    if len(code) != 18:
        raise ValidationError(f"统一社会信用代码应为18位，现为{len(code)}位。{_advice(code)}", code="length")
    if odd := [told(place, sign, digit_meant(sign)) for place, sign in enumerate(code, 1) if sign not in _VALUES]:
        raise ValidationError(
            f"统一社会信用代码只含数字和大写字母，且不使用字母 I、O、S、V、Z：{'；'.join(odd[:3])}。", code="characters"
        )
    if code[17] != uscc_check_character(code[:17]):
        raise ValidationError("统一社会信用代码有误：校验位不符，请对照营业执照逐位核对。", code="check")
    if odd := [told(place, sign, digit_meant(sign)) for place, sign in enumerate(code[2:8], 3) if sign not in digits]:
        words = f"统一社会信用代码第3至8位是登记机关的行政区划代码，只有数字：{'；'.join(odd[:3])}。"
        raise ValidationError(words, code="region")
    if len(set(code[:17])) == 1:
        raise ValidationError(f"统一社会信用代码有误：17位都是{code[0]}，不是执照上的号码。", code="placeholder")
    return code


def _advice(code: str) -> str:
    if re.fullmatch("[0-9]{15}", code):
        return "这像是旧营业执照的15位注册号，请填写换照后的统一社会信用代码；没有换照的，请联系主管部门登记。"
    if re.fullmatch("[0-9A-Z]{8}[0-9X]", code):
        return "这像是9位组织机构代码，请填写换照后的统一社会信用代码；没有换照的，请联系主管部门登记。"
    return ""


def is_uscc(text: str) -> bool:
    try:
        normalise_uscc(text)
    except ValidationError:
        return False
    return True


def validate_uscc(text: str) -> None:
    normalise_uscc(text)
