"""Lets `employment` register how an enterprise is dissolved, which only it can do.

Dissolving ends employments too, in one transaction with its own lock order (persons before enterprises), so
`employment` does it whole; the registry import here only says which enterprises are gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from django.db import transaction

from common.jobs import enqueue
from common.registry import Registry
from enterprises.models import Enterprise
from enterprises.signals import enterprises_changed


class Dissolve(Protocol):
    def __call__(self, changes: dict[int, tuple[str, date]], *, now: datetime | None = None) -> int: ...


DISSOLVE: Registry[Dissolve] = Registry("way of dissolving enterprises")
NAME = "employments"


def dissolve(changes: dict[int, tuple[str, date]]) -> int:
    """Answers how many employments ended. `changes` maps an enterprise to its new status and the day of it.

    It must not run in a transaction that has locked an enterprise, because it locks persons first. `employment`
    registers the only function.
    """
    with transaction.atomic():
        ended = DISSOLVE[NAME](changes)
        enterprises_changed.send(sender=Enterprise, enterprise_ids=list(changes))
    return ended


def dissolve_later(changes: Mapping[int, tuple[str, date]]) -> None:
    """A job dissolves them, once the transaction that has locked the enterprises is over, and before the next import."""
    if changes:
        enqueue(
            "enterprises.dissolve",
            lock="import enterprises",
            changes=[[pk, str(status), day.isoformat()] for pk, (status, day) in sorted(changes.items())],
        )
