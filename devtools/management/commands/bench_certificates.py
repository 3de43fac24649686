"""Measures what drawing and signing a certificate costs, beside what others would take for it."""

from __future__ import annotations

import json
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from devtools.bench.certificates import Figure, figures
from devtools.demo_keys.pki import ensure_demo_pki


class Command(BaseCommand):
    help = (
        "Draw and sign certificates of made-up people with keys of their own, and measure the time; needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=200)
        parser.add_argument("--json", dest="file", type=Path, help="write the figures to this file too")

    def handle(self, *, count: int, file: Path | None, **options: object) -> None:
        found: list[Figure] = []
        self.stdout.write(f"{'milliseconds of CPU':<44}{'median':>9}{'least':>9}{'bytes':>9}")
        with tempfile.TemporaryDirectory() as folder:
            for figure in figures(ensure_demo_pki(Path(folder) / "pki"), count):
                found.append(figure)
                self.stdout.write(f"{figure.what:<44}{figure.median:>9.2f}{figure.least:>9.2f}{figure.bytes or '':>9}")
        if file is not None:
            rows = {"certificates": count, "figures": [figure.as_row() for figure in found]}
            file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
