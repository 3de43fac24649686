"""Tells whether frames were sent before, by their bytes or by signs that accepted frames leave for some time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.enums import FaceResult
from accounts.models import FaceCheck, FaceSigns, Person

KEPT_FOR = timedelta(days=90)
KEPT_ATTEMPTS = 20
ONE_SITTING = timedelta(minutes=30)
"""Somebody who logs in and then verifies still sits as before, so within this time only the same bytes count as sent
again.
"""
_CHECKS = 50
_REPEATED_SHARE = 3
"""One frame in so many must repeat: a single equal one may come from a camera driver that stopped for a moment."""


def keep_signs(person: Person, signs: Sequence[str], *, now: datetime) -> None:
    """Keeps the signs of an accepted attempt."""
    if not signs:
        return
    FaceSigns.objects.create(person=person, signs=" ".join(signs), at=now)
    newest = FaceSigns.objects.filter(person=person).values_list("pk", flat=True)[:KEPT_ATTEMPTS]
    FaceSigns.objects.filter(person=person).exclude(pk__in=list(newest)).delete()


def signs_of(person: Person, *, now: datetime) -> list[list[str]]:
    rows = FaceSigns.objects.filter(person=person, at__range=(now - KEPT_FOR, now - ONE_SITTING))
    return [text.split() for text in rows.values_list("signs", flat=True)[:KEPT_ATTEMPTS]]


def were_sent_before(person: Person, hashes: Sequence[str]) -> bool:
    """Looks at attempts that were accepted or went to a clerk. A camera never makes the same bytes twice, not even of
    a wall.
    """
    taken = FaceCheck.objects.filter(person=person, result__in=(FaceResult.ACCEPTED, FaceResult.REVIEW))
    earlier = taken.values_list("frame_hashes", flat=True)[:_CHECKS]
    known = {each for sent in earlier for each in sent}
    return sum(each in known for each in hashes) * _REPEATED_SHARE >= len(hashes) > 0


def forget_signs(*, now: datetime) -> int:
    return FaceSigns.objects.filter(at__lt=now - KEPT_FOR).delete()[0]
