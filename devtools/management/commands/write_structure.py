"""Declares the command that writes what all migrations yield, so that an empty database gets it at once."""

from __future__ import annotations

import os
import subprocess
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from common.operation.structure import STRUCTURE, as_structure
from devtools.postgres import Cluster


def dumped(cluster: Cluster, name: str, *options: str) -> str:
    """Answers the plain text of `pg_dump`, without owners, privileges and comments."""
    command = [cluster.binaries.path("pg_dump"), f"--host={cluster.socket_directory}", "--username=app"]
    command += ["--no-owner", "--no-privileges", "--no-comments", *options, name]
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout


class Command(BaseCommand):
    help = "Apply every migration to a new database, and write its structure to common/operation/structure.sql."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        cluster = getattr(settings, "CLUSTER", None)
        if not isinstance(cluster, Cluster):
            raise CommandError("this needs the embedded database: unset DATABASE_URL")
        name = f"structure_{os.getpid()}"
        with cluster.session(name):
            connection.close()
            connection.settings_dict["NAME"] = name
            try:
                call_command("migrate", verbosity=0, interactive=False, with_structure=False)
                applied = list(MigrationRecorder(connection).migration_qs.order_by("id").values_list("app", "name"))
                STRUCTURE.write_text(as_structure(dumped(cluster, name, "--schema-only"), applied), encoding="utf-8")
            finally:
                connection.close()
                with cluster.connect("postgres") as server:
                    server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        self.stdout.write(f"{STRUCTURE.name} written, for {len(applied)} migrations")
