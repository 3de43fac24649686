"""Deletes one-time passwords and requests of registration machines in time."""

from __future__ import annotations

from django.utils import timezone

from common import jobs

from . import services


@jobs.periodic("*/5 * * * *")
@jobs.task("accounts.forget_kiosk_passwords")
def forget_kiosk_passwords(timestamp: int) -> None:
    services.forget_passwords(now=timezone.now())


@jobs.daily(3, 35)
@jobs.task("accounts.forget_kiosk_requests")
def forget_kiosk_requests(timestamp: int) -> None:
    services.forget_requests(now=timezone.now())
