"""Removes old failed logins every night."""

from __future__ import annotations

from django.utils import timezone

from common import jobs

from . import lockouts


@jobs.daily(3, 27)
@jobs.task("accounts.clear_failed_logins")
def clear_failed_logins(timestamp: int) -> None:
    lockouts.forget_failures(now=timezone.now())
