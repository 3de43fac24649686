"""Reads unified social credit codes (统一社会信用代码, GB 32100): 17 characters and a check character.

The organisation part's own check and the region are not checked, because codes of abolished regions stay in use.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError

from .chinese import half_width, without_blanks

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))


def uscc_check_character(first17: str) -> str:
    total = sum(weight * _VALUES[character] for weight, character in zip(_WEIGHTS, first17, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def normalise_uscc(text: str) -> str:
    """Answers upper case, half width, no blanks. Raises ValidationError with one sentence."""
    code = without_blanks(half_width(text)).upper()
    if not code:
        raise ValidationError("请填写统一社会信用代码。", code="empty")
    if len(code) != 18:
        raise ValidationError(f"统一社会信用代码应为18位，现为{len(code)}位。", code="length")
    if any(character not in _VALUES for character in code):
        raise ValidationError(
            "统一社会信用代码只含数字和大写字母，且不使用字母 I、O、S、V、Z，请核对是否与数字混淆。", code="characters"
        )
    if code[17] != uscc_check_character(code[:17]):
        raise ValidationError("统一社会信用代码有误：校验位不符，请对照营业执照逐位核对。", code="check")
    return code


def validate_uscc(text: str) -> None:
    normalise_uscc(text)
