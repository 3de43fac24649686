"""Issues and uses the challenges of face verifications."""

from __future__ import annotations

import random
import secrets
from datetime import datetime, timedelta

from django.conf import settings

from accounts.enums import FacePurpose
from accounts.faces.light import COLOURS
from accounts.models import FaceChallenge, Person
from accounts.verification.verdicts import Step
from common.findings import Refused

from . import messages
from .available_methods import takes_frames

CHALLENGE_LASTS = timedelta(seconds=60)
PAGE_LASTS = timedelta(minutes=10)
COLOURS_PER_STEP = 2
_KEPT = timedelta(days=1)


def issue_challenge(*, purpose: FacePurpose, person: Person | None, now: datetime) -> FaceChallenge:
    """The order of the movements cannot be foreseen. `person` is None at a login, where nobody is known yet."""
    steps = list(Step)
    random.SystemRandom().shuffle(steps)
    return FaceChallenge.objects.create(
        nonce=secrets.token_urlsafe(32),
        purpose=purpose,
        person=person,
        steps=steps,
        # Another service would not look for the colours.
        colours=_colours(COLOURS_PER_STEP * len(steps)) if settings.FACE_PROVIDER == "local" else [],
        created_at=now,
        expires_at=now + (CHALLENGE_LASTS if takes_frames() else PAGE_LASTS),
    )


def _colours(count: int) -> list[str]:
    """The order cannot be foreseen; two neighbours differ, so that every change can be seen."""
    choice = random.SystemRandom().choice
    found: list[str] = []
    while len(found) < count:
        found.append(choice([name for name in COLOURS if name not in found[-1:]]))
    return found


def take_challenge(nonce: str, *, purpose: FacePurpose, person: Person | None, now: datetime) -> FaceChallenge:
    """Uses the challenge up, whatever the result; so it must not run in a transaction that a refusal would roll back.
    Raises Refused.
    """
    waiting = FaceChallenge.objects.filter(nonce=nonce, purpose=purpose, person=person, used_at__isnull=True)
    # One statement decides, so that of two posts with the same nonce one finds it used.
    if not nonce or not waiting.update(used_at=now):
        raise Refused(*messages.findings_of(["used"]))
    challenge = FaceChallenge.objects.get(nonce=nonce)
    if challenge.expires_at < now:
        raise Refused(*messages.findings_of(["late"]))
    return challenge


def forget_challenges(*, now: datetime) -> int:
    return FaceChallenge.objects.filter(expires_at__lt=now - _KEPT).delete()[0]
