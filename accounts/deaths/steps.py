"""Lists what ends with a person's death; apps to the right declare their steps in `record_parts`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Person, User
from common.registry import Registry


@dataclass(frozen=True)
class Death:
    """Holds what a step needs to know. `enterprise_ids` are those of all steps, which the first one locks."""

    person: Person
    document: str
    reason: str
    by: User
    now: datetime
    died_on: date | None = None
    enterprise_ids: Collection[int] = ()
    ended: Collection[int] = ()
    """Ids of what this step has ended; set where the death is taken back."""


def nothing(person: Person) -> list[int]:
    return []


@dataclass(frozen=True)
class DeathStep:
    """`preview` names what would end, `end` answers the ids of what it ended, `restore` says of each thing that stays
    ended why.
    """

    preview: Callable[[Person], list[str]]
    end: Callable[[Death], list[int]]
    restore: Callable[[Death], list[str]]
    enterprise_ids: Callable[[Person], list[int]] = nothing


DEATH_STEPS: Registry[DeathStep] = Registry("step of a death")
"""They are taken in the order of locks: applications before employments and certificates."""


def what_ends(person: Person) -> list[str]:
    return [line for step in DEATH_STEPS for line in step.preview(person)]
