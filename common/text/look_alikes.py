"""Knows the letters and signs that people type or scanners read for the digits and letters of a number."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_DIGITS_MEANT = {
    "0": "OoОоΟοQ〇零○",
    "1": "lLIi|!ІіΙιıⅠ一壹丨",
    "2": "ZzΖ二贰",
    "3": "ЗзƷ三叁",
    "4": "四肆",
    "5": "SsЅѕ五伍",
    "6": "bб六陆",
    "7": "七柒",
    "8": "B八捌",
    "9": "gq九玖",
}
_DIGIT_OF = {sign: digit for digit, signs in _DIGITS_MEANT.items() for sign in signs}
_LETTERS_MEANT = {"A": "АаΑα", "B": "ВвΒβ8", "C": "СсϹϲ", "X": "ХхΧχ×✕✖⨯*＊"}
_LETTER_OF = {sign: letter for letter, signs in _LETTERS_MEANT.items() for sign in signs}
_SCRIPTS = {"CYRILLIC": "西里尔字母（俄文字母）", "GREEK": "希腊字母"}


def letter_meant(sign: str) -> str:
    """Answers the Latin letter that a sign looks like, or a blank for a Latin letter itself and for signs like none."""
    return _LETTER_OF.get(sign, "")


def digit_meant(sign: str) -> str:
    """Answers a blank for signs that look like no digit."""
    if sign in _DIGIT_OF:
        return _DIGIT_OF[sign]
    return str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else ""


def odd_digits(text: str) -> Iterator[tuple[int, str, str]]:
    """Answers place from 1, sign and digit meant of everything that is not one of 0 to 9."""
    for place, sign in enumerate(text, 1):
        if not ("0" <= sign <= "9"):
            yield place, sign, digit_meant(sign)


def told(place: int, sign: str, digit: str) -> str:
    """Says what stands at a place of a number, and which digit is meant by it, if any."""
    return f"第{place}位是{named(sign)}" + (f"，应为数字 {digit}" if digit else "")


def named(sign: str) -> str:
    """Says in a sentence which sign this is, where the eye cannot tell."""
    script = next((word for script, word in _SCRIPTS.items() if unicodedata.name(sign, "").startswith(script)), "")
    if script:
        return f"{script}“{sign}”"
    if sign.isascii() and sign.isalpha():
        return f"字母“{sign}”"
    category = unicodedata.category(sign)
    return f"“{sign}”" if category[0] in "LNPS" else f"看不见的字符（U+{ord(sign):04X}）"
