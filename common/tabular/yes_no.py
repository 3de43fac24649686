"""Reads columns that are answered with yes or no: known words only, since an unknown word is no answer."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from common.text.chinese import half_width, without_blanks
from common.text.signs import DASHES

from .cells import Cell, text

_YES = frozenset({"是", "有", "1", "Y", "YES", "T", "TRUE", "√", "✓", "✔", "☑", "✅"})
_NO = frozenset(
    {"否", "无", "没有", "0", "N", "NO", "F", "FALSE", "×", "✕", "✖", "✗", "✘", "☐", "NA", "N/A", "NONE", "NULL"}
)
_DASHES = re.compile(rf"[{DASHES}\u30fc_/\\~]+")
"""People fill what does not apply with hyphens, dashes, lines and slashes."""
_FULL_STOPS = "。.．"


def plain_word(word: str) -> str:
    """Gives a word one spelling for comparing: half width, capitals, no blanks, no full stop behind."""
    plain = without_blanks(half_width(word)).upper()
    return plain.rstrip(_FULL_STOPS) or plain


def answer_of(word: str) -> bool | None:
    """Answers None for a word that is neither."""
    plain = plain_word(word)
    if plain in _YES:
        return True
    return False if plain in _NO or _DASHES.fullmatch(plain) else None


def yes_no(value: Cell) -> bool:
    answer = answer_of(text(value))
    if answer is None:
        raise ValidationError("这里应填写“是”或“否”。", code="yes-no")
    return answer
