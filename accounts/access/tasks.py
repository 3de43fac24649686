"""Removes every night what sessions and uploads leave behind."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from common import jobs

from . import temporary_uploads
from .login_sessions import forget_old_sessions


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
