"""Measures what drawing an admit card costs."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from devtools.bench.admit_cards import figures


class Command(BaseCommand):
    help = "Draw admit cards of made-up people, a hundred in a file, and measure the time; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=5000)
        parser.add_argument("--json", dest="file", type=Path, help="write the figures to this file too")

    def handle(self, *, count: int, file: Path | None, **options: object) -> None:
        found = list(figures(count))
        self.stdout.write(f"{'milliseconds of CPU, for one card':<44}{'median':>9}{'least':>9}{'bytes':>9}")
        for figure in found:
            self.stdout.write(f"{figure.what:<44}{figure.median:>9.2f}{figure.least:>9.2f}{figure.bytes:>9}")
        if file is not None:
            rows = {"cards": count, "figures": [figure.as_row() for figure in found]}
            file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
