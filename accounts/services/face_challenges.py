from __future__ import annotations

import random
import secrets
from datetime import datetime, timedelta

from accounts.enums import FacePurpose
from accounts.models import FaceChallenge, Person
from accounts.verification import words
from accounts.verification.standing import takes_frames
from accounts.verification.verdicts import Step
from jxcloud.base.findings import Refused

CHALLENGE_LASTS = timedelta(seconds=60)
PAGE_LASTS = timedelta(minutes=10)
"""On a provider's own page, where the person may have to read and agree first."""
_KEPT = timedelta(days=1)


def issue_challenge(*, purpose: FacePurpose, person: Person | None, now: datetime) -> FaceChallenge:
    """The movements in an order that nobody can foresee. At a login nobody is known: `person` None."""
    steps = list(Step)
    random.SystemRandom().shuffle(steps)
    return FaceChallenge.objects.create(
        nonce=secrets.token_urlsafe(32),
        purpose=purpose,
        person=person,
        steps=steps,
        created_at=now,
        expires_at=now + (CHALLENGE_LASTS if takes_frames() else PAGE_LASTS),
    )


def take_challenge(nonce: str, *, purpose: FacePurpose, person: Person | None, now: datetime) -> FaceChallenge:
    """Used up by this, whatever comes of it; so never in a transaction that a refusal would roll back. Raises Refused."""
    waiting = FaceChallenge.objects.filter(nonce=nonce, purpose=purpose, person=person, used_at__isnull=True)
    # One statement: of two posts with the same nonce one finds it used.
    if not nonce or not waiting.update(used_at=now):
        raise Refused(*words.findings_of(["used"]))
    challenge = FaceChallenge.objects.get(nonce=nonce)
    if challenge.expires_at < now:
        raise Refused(*words.findings_of(["late"]))
    return challenge


def forget_challenges(*, now: datetime) -> int:
    return FaceChallenge.objects.filter(expires_at__lt=now - _KEPT).delete()[0]
