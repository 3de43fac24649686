"""Tells which characters the e-certificate can print, without opening a font.

Entry forms ask here, so that a name with a character outside the fonts is found when it is entered and not when a
decision has already been taken. `printable_ranges.txt` is written by `devtools/make_fonts.py` from the fonts themselves.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("printable_ranges.txt")


@lru_cache(maxsize=1)
def _ranges() -> tuple[list[int], list[int]]:
    """Answers the first and last code point of each range, both ascending."""
    firsts, lasts = [], []
    for line in _FILE.read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        firsts.append(int(first, 16))
        lasts.append(int(last or first, 16))
    return firsts, lasts


def _is_printable(character: str) -> bool:
    firsts, lasts = _ranges()
    code = ord(character)
    index = bisect_right(firsts, code) - 1
    return index >= 0 and code <= lasts[index]


def characters_not_printable(text: str) -> list[str]:
    """Answers the characters of `text` that no font of the certificate can draw, each once, in order of appearance."""
    return [character for character in dict.fromkeys(text) if not _is_printable(character)]
