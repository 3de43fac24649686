"""Deletes face verifications without a result every night."""

from __future__ import annotations

from django.utils import timezone

from common import jobs

from .challenges import forget_challenges
from .face_signs import forget_signs
from .reviews import lapse_reviews


@jobs.daily(3, 30)
@jobs.task("accounts.clear_face_verifications")
def clear_face_verifications(timestamp: int) -> None:
    """A picture that no clerk reviews is deleted too."""
    lapse_reviews(now=timezone.now())
    forget_challenges(now=timezone.now())
    forget_signs(now=timezone.now())
