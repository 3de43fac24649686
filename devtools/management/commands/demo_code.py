"""Declares the command that tells the one-time password of a demonstration login."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.credentials import totp
from accounts.models import SecondFactor


def _present_step() -> int:
    return int(timezone.now().timestamp()) // totp.STEP


class Command(BaseCommand):
    help = "The present one-time password of a login of the demonstration; refused everywhere else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_DEMONSTRATION:
            raise CommandError("only the demonstration tells codes")
        factor = SecondFactor.objects.filter(user__login=options["login"]).first()
        if factor is None:
            raise CommandError(f"no login {options['login']} with a one-time password; var/demo.json lists them")
        # A code opens once, so the next one is accepted too, as from a telephone whose clock is ahead.
        step = max(_present_step(), factor.last_step + 1)
        while step > _present_step() + totp.DRIFT:
            time.sleep(1)
        self.stdout.write(totp.code_of_step(factor.secret, step))
