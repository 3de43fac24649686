"""Reads telephone numbers as people type or paste them."""

from __future__ import annotations

import re

from .chinese import single_blanks
from .signs import BRACKETS, DASHES, half_width

_DASH = re.compile(f"[{DASHES}]")


def even_phone(text: str) -> str:
    """Answers half width, one kind of dash and bracket, single blanks, nothing invisible; it is not yet checked."""
    return single_blanks(_DASH.sub("-", half_width(text)).translate(BRACKETS))


def digits_of_phone(text: str) -> str:
    """Leaves out blanks, dashes, brackets and the code of the country."""
    digits = re.sub(r"[- ()]", "", even_phone(text))
    return re.sub(r"^(?:\+86|0086|86(?=1[0-9]{10}$))", "", digits)
