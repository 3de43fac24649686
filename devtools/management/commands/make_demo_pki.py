"""Declares the command that makes the demonstration certificates."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from devtools.demo_keys.pki import ensure_demo_pki


class Command(BaseCommand):
    help = "Makes the demonstration certificates (e-certificate signer, time-stamping, CA keys) where they are missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", nargs="?", type=Path, default=settings.VAR / "demo-pki")

    def handle(self, *args: object, **options: object) -> None:
        directory = options["directory"]
        if not isinstance(directory, Path):
            raise TypeError("directory")
        ensure_demo_pki(directory)
        self.stdout.write(f"{directory}")
