from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore

from jxcloud.base import jobs

from . import pending


@jobs.daily(3, 20)
@jobs.task(name="accounts.purge_pending_uploads")
def purge_pending_uploads(timestamp: int) -> None:
    pending.purge()


@jobs.daily(3, 25)
@jobs.task(name="accounts.clear_expired_sessions")
def clear_expired_sessions(timestamp: int) -> None:
    """Expired rows hold kept forms and are of no more use."""
    SessionStore.clear_expired()
