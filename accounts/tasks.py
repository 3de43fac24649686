from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from common import jobs

from . import lockouts, pending
from .kiosk import services as kiosk
from .services.face_challenges import forget_challenges
from .services.face_reviews import lapse_reviews
from .services.face_signs import forget_signs
from .services.logins import forget_old_sessions
from .services.phone_logins import forget_phone_logins


@jobs.daily(3, 20)
@jobs.task(name="accounts.purge_pending_uploads")
def purge_pending_uploads(timestamp: int) -> None:
    pending.purge()


@jobs.daily(3, 25)
@jobs.task(name="accounts.clear_expired_sessions")
def clear_expired_sessions(timestamp: int) -> None:
    """Expired rows hold kept forms and are of no more use."""
    SessionStore.clear_expired()
    forget_old_sessions(now=timezone.now())
    forget_phone_logins(now=timezone.now())
    lockouts.forget_failures(now=timezone.now())


@jobs.periodic("*/5 * * * *")
@jobs.task(name="accounts.forget_kiosk_passwords")
def forget_kiosk_passwords(timestamp: int) -> None:
    kiosk.forget_passwords(now=timezone.now())


@jobs.daily(3, 35)
@jobs.task(name="accounts.forget_kiosk_requests")
def forget_kiosk_requests(timestamp: int) -> None:
    kiosk.forget_requests(now=timezone.now())


@jobs.daily(3, 30)
@jobs.task(name="accounts.clear_face_verifications")
def clear_face_verifications(timestamp: int) -> None:
    """No picture waits for a clerk for ever."""
    lapse_reviews(now=timezone.now())
    forget_challenges(now=timezone.now())
    forget_signs(now=timezone.now())
