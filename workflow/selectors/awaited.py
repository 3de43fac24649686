"""Keeps the list by which apps to the right say what an approved application has ordered and not yet got."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from common.registry import Registry


@dataclass(frozen=True)
class Awaited:
    text: str
    is_failing: bool


AWAITED: Registry[Callable[[int], Awaited | None]] = Registry("what an approved application awaits")
"""Each answers by the id of the application, and None where nothing is missing."""


def awaited_of(application_id: int) -> Awaited | None:
    """A failure comes before what is merely not done yet."""
    found = [one for ask in AWAITED if (one := ask(application_id)) is not None]
    return next((one for one in found if one.is_failing), found[0] if found else None)
