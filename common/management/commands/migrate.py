"""Declares Django's command `migrate`, of which only one runs at a time."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from common.database.alone import only_one
from common.operation.limits import complaint, give_limits_to_role


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """A second one waits for the first, and then finds nothing to do. The lock ends with its process."""
        database = options["database"]
        if words := complaint(connections[database]):
            raise CommandError(words)
        is_told = False
        # The lock is tried and not waited for, because lock_timeout would end the wait.
        while True:
            with only_one("migrate", using=database) as is_alone:
                if is_alone:
                    super().handle(*args, **options)
                    if settings.DATABASE_IS_POOLED and not (options["plan"] or options["check_unapplied"]):
                        give_limits_to_role(connections[database])
                    return
            if not is_told:
                self.stderr.write("Another migrate is at work; this one waits for it.")
                is_told = True
            time.sleep(0.5)
