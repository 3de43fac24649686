"""Removes typing habits of Chinese input methods before anything is read as a number, code or name."""

from __future__ import annotations

import re

_FULL_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")


def half_width(text: str) -> str:
    """Turns １２３（Ａ） into 123(A). Chinese punctuation without an ASCII equivalent stays."""
    return text.translate(_FULL_WIDTH)


def without_blanks(text: str) -> str:
    return "".join(_INVISIBLE.sub("", text).split())


def unified_lines(text: str) -> str:
    """Browsers send each line break as two characters; people and `maxlength` count it once."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def single_blanks(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", text).split())
