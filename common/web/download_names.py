"""Writes the name of a download for browsers of telephones that read only `filename=`, which takes nothing but ASCII."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

WITHOUT_LETTERS = "download"
_EXTENDED = re.compile(r"filename\*=utf-8''([^;\s]*)", re.IGNORECASE)
_PLAIN = re.compile(r"filename=", re.IGNORECASE)
_KEPT = re.compile(r"[^A-Za-z0-9._]+")


def with_ascii_name(disposition: str) -> str:
    """Puts `filename` beside a `filename*` that stands alone; any other Content-Disposition stays as it is."""
    extended = _EXTENDED.search(disposition)
    if extended is None or _PLAIN.search(disposition):
        return disposition
    plain = f'filename="{ascii_name(unquote(extended[1]))}"; '
    return disposition[: extended.start()] + plain + disposition[extended.start() :]


def ascii_name(name: str) -> str:
    """Turns 赣建安A（2019）0000001.pdf into A-2019-0000001.pdf; the ending stays, so that the file opens."""
    stem, dot, ending = unicodedata.normalize("NFKC", name).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem, ending = (_KEPT.sub("-", part).strip("-._") for part in (stem, ending))
    return f"{stem[:80] or WITHOUT_LETTERS}{dot if ending else ''}{ending[:10]}"
