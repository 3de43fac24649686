"""Lets `employment` register how an enterprise is dissolved, which only it can do.

Dissolving ends employments too, in one transaction with its own lock order (persons before enterprises), so employment
does it whole; the registry import here only says which enterprises are gone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from django.db import transaction

from common.registry import Registry
from enterprises.models import Enterprise
from enterprises.signals import enterprises_changed


class Dissolve(Protocol):
    def __call__(self, changes: dict[int, tuple[str, date]], *, now: datetime | None = None) -> int: ...


DISSOLVE: Registry[Dissolve] = Registry("way of dissolving enterprises")
"""`employment` registers the only function."""
NAME = "employments"


def dissolve(changes: dict[int, tuple[str, date]]) -> int:
    """enterprise id → (status, day); answers how many employments ended.

    Not inside a transaction that holds an enterprise's lock: it locks persons first.
    """
    with transaction.atomic():
        ended = DISSOLVE[NAME](changes)
        enterprises_changed.send(sender=Enterprise, enterprise_ids=list(changes))
    return ended
