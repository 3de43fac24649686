"""Asks for the password once more where a face that proves little is all that has verified the person (docs/adr/0014)."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.access import sessions
from accounts.credentials.password import verify_password
from accounts.models import User
from accounts.verification.assurance import face_suffices
from common.findings import Refused

from .views import person_refusal


def is_asked(request: HttpRequest) -> bool:
    return sessions.verified_by(request) in ("face", "face_review") and not face_suffices()


def check(request: HttpRequest, user: User, password: str) -> None:
    """Raises Refused. A wrong one counts like one of a login."""
    attempt = verify_password(request, user=user, password=password)
    if attempt.user is None:
        raise Refused(person_refusal(attempt))
