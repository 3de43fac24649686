"""Asks before a change of the calendar moves the deadlines of open cases: what was shown is what is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from common.dates import chinese_date

from .signals import MovedClocks

SHOWN = 20


class AskFirst(Exception):
    """Rolls the change back until somebody has seen what it moves."""

    def __init__(self, moved: Sequence[MovedClocks]) -> None:
        self.moved = moved
        super().__init__("open deadlines would move")


def seen_of(moved: Iterable[MovedClocks]) -> str:
    """Names the days before and after. Numbers are left out, because cases come and go while somebody reads."""
    lines = sorted(f"{one.before}|{one.after}" for one in moved)
    return sha256("\n".join(lines).encode()).hexdigest()[:32]


def in_words(moved: Sequence[MovedClocks]) -> list[str]:
    rows = sorted(moved, key=lambda one: (one.before, one.after))
    words = [f"共 {sum(one.count for one in rows)} 件在办办件的期限改变"]
    words += [
        f"{one.count} 件：{chinese_date(one.before)} 改为 {chinese_date(one.after)}，{_direction(one)}"
        for one in rows[:SHOWN]
    ]
    if left := rows[SHOWN:]:
        words.append(f"其余 {sum(one.count for one in left)} 件的期限也改变")
    return words


def _direction(one: MovedClocks) -> str:
    days = (one.after - one.before).days
    return f"延后 {days} 天" if days > 0 else f"提前 {-days} 天"
