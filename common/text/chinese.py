"""Removes typing habits of Chinese input methods before anything is read as a number, code or name."""

from __future__ import annotations

from .signs import characters_meant, half_width

__all__ = ["half_width", "single_blanks", "without_blanks"]


def without_blanks(text: str) -> str:
    return "".join(characters_meant(text).split())


def unified_lines(text: str) -> str:
    """Browsers send each line break as two characters; people and `maxlength` count it once."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def single_blanks(text: str) -> str:
    return " ".join(characters_meant(text).split())
