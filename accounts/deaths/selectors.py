"""Reads deaths that wait for the province, and what would end with one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from accounts.corrections.selectors import PARTS, correction_for
from accounts.enums import CorrectionKind, CorrectionOutcome
from accounts.models import Person, RegisterCorrection, User

from .rules import decides
from .steps import what_ends

KINDS = (CorrectionKind.DEATH, CorrectionKind.DEATH_UNDO)


def deaths_waiting(limit: int) -> list[RegisterCorrection]:
    waiting = RegisterCorrection.objects.filter(outcome="", kind__in=KINDS)
    return list(waiting.select_related(*PARTS).order_by("pk")[:limit])


def deaths_count(user: User) -> int:
    return RegisterCorrection.objects.filter(outcome="", kind__in=KINDS).count() if decides(user) else 0


def death_for(user: User, pk: int) -> RegisterCorrection | None:
    """A clerk reads those of the own city, as any correction; the province reads all."""
    readable = correction_for(user, pk)
    if readable is None and decides(user):
        readable = RegisterCorrection.objects.select_related(*PARTS).filter(pk=pk).first()
    return readable if readable is not None and readable.kind in KINDS else None


def death_to_take_back(person: Person) -> RegisterCorrection | None:
    done = RegisterCorrection.objects.filter(person=person, kind=CorrectionKind.DEATH, outcome=CorrectionOutcome.DONE)
    return done.order_by("-pk").first() if person.died_on is not None else None


def state_of(person: Person) -> str:
    """Answers a mark of what would end, so that a decision rests on what its page has shown."""
    return mark_of(person, what_ends(person))


def mark_of(person: Person, ends: Sequence[str]) -> str:
    shown = "\n".join([str(person.died_on), *ends])
    return hashlib.sha256(shown.encode()).hexdigest()[:32]
