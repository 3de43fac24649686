"""Nightly: face verifications that came to nothing are removed."""

from __future__ import annotations

from django.utils import timezone

from common import jobs

from .challenges import forget_challenges
from .face_signs import forget_signs
from .reviews import lapse_reviews


@jobs.daily(3, 30)
@jobs.task("accounts.clear_face_verifications")
def clear_face_verifications(timestamp: int) -> None:
    """No picture waits for a clerk for ever."""
    lapse_reviews(now=timezone.now())
    forget_challenges(now=timezone.now())
    forget_signs(now=timezone.now())
