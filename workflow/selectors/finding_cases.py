"""Says what a typed or scanned text stands for, so that an office finds the case of the person at its counter."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError

from common.registry import Registry
from common.text.id_number import normalise_id_number
from common.text.signs import half_width, visible

PersonFinder = Callable[[str], int | None]
PERSON_FINDERS: Registry[PersonFinder] = Registry("way from a text to a person")
"""Apps answer the id of a person whom a text names otherwise than by an ID number: by a certificate, or its QR code."""

LONGEST = 300
_CASE_NUMBER = re.compile(r"(?<!\d)\d{4}-\d{4}-\d{6}(?!\d)", re.ASCII)
_ID_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)


def plain(text: str) -> str:
    """Without blanks and invisible signs, in half width."""
    return "".join(half_width(visible(text)).split())[:LONGEST]


def case_number_in(text: str) -> str:
    """Answers the number of a case that was typed, or that stands in the QR code of an appointment slip."""
    found = _CASE_NUMBER.search(plain(text))
    return found[0] if found else ""


def id_number_in(text: str) -> str:
    """Answers the normalised ID number; nothing where the text is none."""
    number = plain(text).upper()
    if not _ID_NUMBER.fullmatch(number):
        return ""
    try:
        return normalise_id_number(number)
    except ValidationError:
        return number


def person_meant(text: str) -> int | None:
    """Answers the person whom a certificate number or a QR code names."""
    words = plain(text)
    return next((pk for find in PERSON_FINDERS if (pk := find(words)) is not None), None)
