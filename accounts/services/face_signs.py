"""Whether frames have been sent before: by their bytes, or by the signs that accepted ones leave for some time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from accounts.enums import FaceResult
from accounts.models import FaceCheck, FaceSigns, Person

KEPT_FOR = timedelta(days=90)
KEPT_ATTEMPTS = 20
"""Of one person; the oldest give way."""
_CHECKS = 50


def keep_signs(person: Person, signs: Sequence[str], *, now: datetime) -> None:
    """Of an accepted attempt."""
    if not signs:
        return
    FaceSigns.objects.create(person=person, signs=" ".join(signs), at=now)
    newest = FaceSigns.objects.filter(person=person).values_list("pk", flat=True)[:KEPT_ATTEMPTS]
    FaceSigns.objects.filter(person=person).exclude(pk__in=list(newest)).delete()


def signs_of(person: Person, *, now: datetime) -> list[list[str]]:
    rows = FaceSigns.objects.filter(person=person, at__gte=now - KEPT_FOR)
    return [text.split() for text in rows.values_list("signs", flat=True)[:KEPT_ATTEMPTS]]


def were_sent_before(person: Person, hashes: Iterable[str]) -> bool:
    """In an attempt that was accepted or went to a clerk. A camera never makes the same bytes twice, not even of a wall."""
    taken = FaceCheck.objects.filter(person=person, result__in=(FaceResult.ACCEPTED, FaceResult.REVIEW))
    earlier = taken.values_list("frame_hashes", flat=True)[:_CHECKS]
    return not set(hashes).isdisjoint(each for sent in earlier for each in sent)


def forget_signs(*, now: datetime) -> int:
    return FaceSigns.objects.filter(at__lt=now - KEPT_FOR).delete()[0]
