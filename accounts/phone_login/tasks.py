"""Deletes old QR codes for the phone every night."""

from __future__ import annotations

from django.utils import timezone

from common import jobs

from .services import forget_phone_logins


@jobs.daily(3, 26)
@jobs.task("accounts.clear_phone_logins")
def clear_phone_logins(timestamp: int) -> None:
    forget_phone_logins(now=timezone.now())
