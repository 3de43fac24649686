from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.access.login_sessions import forget_old_sessions
from accounts.phone_login.services import forget_phone_logins
from accounts.verification.challenges import forget_challenges
from accounts.verification.face_signs import forget_signs
from accounts.verification.reviews import lapse_reviews
from common import jobs

from .access import temporary_uploads
from .credentials import lockouts
from .kiosk import services as kiosk


@jobs.daily(3, 20)
@jobs.task("accounts.purge_pending_uploads")
def purge_pending_uploads(timestamp: int) -> None:
    temporary_uploads.purge()


@jobs.daily(3, 25)
@jobs.task("accounts.clear_expired_sessions")
def clear_expired_sessions(timestamp: int) -> None:
    """Expired rows hold kept forms and are of no more use."""
    SessionStore.clear_expired()
    forget_old_sessions(now=timezone.now())
    forget_phone_logins(now=timezone.now())
    lockouts.forget_failures(now=timezone.now())


@jobs.periodic("*/5 * * * *")
@jobs.task("accounts.forget_kiosk_passwords")
def forget_kiosk_passwords(timestamp: int) -> None:
    kiosk.forget_passwords(now=timezone.now())


@jobs.daily(3, 35)
@jobs.task("accounts.forget_kiosk_requests")
def forget_kiosk_requests(timestamp: int) -> None:
    kiosk.forget_requests(now=timezone.now())


@jobs.daily(3, 30)
@jobs.task("accounts.clear_face_verifications")
def clear_face_verifications(timestamp: int) -> None:
    """No picture waits for a clerk for ever."""
    lapse_reviews(now=timezone.now())
    forget_challenges(now=timezone.now())
    forget_signs(now=timezone.now())
