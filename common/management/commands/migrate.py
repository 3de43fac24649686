"""Declares Django's command `migrate`, of which only one runs at a time, and which fills an empty database at once."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections

from common.database.alone import only_one
from common.operation.limits import complaint, give_limits_to_role
from common.operation.structure import load_structure

PARTIAL = ("app_label", "check_unapplied", "plan", "fake", "fake_initial", "prune", "run_syncdb")
"""Options with which not all tables are asked for."""


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--without-structure",
            action="store_false",
            dest="with_structure",
            help="apply each migration also where there is no table yet, instead of common/operation/structure.sql",
        )

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
                    if options["with_structure"] and not any(options[name] for name in PARTIAL):
                        load_structure(connections[database])
                    super().handle(*args, **options)
                    if settings.DATABASE_IS_POOLED and not (options["plan"] or options["check_unapplied"]):
                        give_limits_to_role(connections[database])
                    return
            if not is_told:
                self.stderr.write("Another migrate is at work; this one waits for it.")
                is_told = True
            time.sleep(0.5)
