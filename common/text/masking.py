"""Masks a name, an ID number or a phone number for readers who need not see the whole."""

from __future__ import annotations

_KEPT_IN_NAMES = "· "


def mask_name(name: str) -> str:
    """Writes 张* · 张*三 · 欧**锋; the separator of minority names stays: 艾*·***提."""
    letters = [position for position, character in enumerate(name) if character not in _KEPT_IN_NAMES]
    shown = {*letters[:1], *letters[-1:]} if len(letters) > 2 else set(letters[:1]) if len(letters) == 2 else set()
    return "".join(
        character if character in _KEPT_IN_NAMES or position in shown else "*"
        for position, character in enumerate(name)
    )


def mask_id_number(id_number: str) -> str:
    """Writes 360***********1234."""
    return _mask_middle(id_number, shown_first=3, shown_last=4, shortest=15)


def mask_phone(phone: str) -> str:
    """Writes 138****1234; anything shorter than a mobile number shows its last two digits."""
    if len(phone) < 11:
        return _mask_middle(phone, shown_first=0, shown_last=2, shortest=6)
    return _mask_middle(phone, shown_first=3, shown_last=4, shortest=11)


def _mask_middle(text: str, *, shown_first: int, shown_last: int, shortest: int) -> str:
    if len(text) < shortest:
        return "*" * len(text)
    hidden = len(text) - shown_first - shown_last
    return text[:shown_first] + "*" * hidden + text[len(text) - shown_last :]
