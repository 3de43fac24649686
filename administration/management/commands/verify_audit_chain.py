"""Declares the command that verifies the audit chain."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from administration.audit.chain import Anchor, ChainBroken, anchor_line, link_entries, read_anchors, verify_chain


class Command(BaseCommand):
    help = (
        "Recomputes the chain over all audit entries. Exit code 1 and the first broken place if it is not in order. "
        "With --anchor FILE: every line of FILE has to agree with the chain, then its head is added; keep FILE on "
        "another machine, since only that shows an end that was cut off."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", type=Path, metavar="FILE")

    def handle(self, *, anchor: Path | None, **options: Any) -> None:
        anchors = self._anchors(anchor)
        link_entries()
        began = time.perf_counter()
        try:
            check = verify_chain(anchors=anchors)
        except ChainBroken as broken:
            self.stderr.write(str(broken))
            sys.exit(1)
        seconds = time.perf_counter() - began
        self.stdout.write(f"{check.last} entries in order, {seconds:.1f} s, head {check.head}")
        if anchor is not None:
            with anchor.open("a") as file:
                file.write(anchor_line(check, now()))

    def _anchors(self, file: Path | None) -> list[Anchor]:
        if file is None or not file.exists():
            return []
        try:
            return read_anchors(file.read_text().splitlines())
        except (OSError, ValueError) as error:
            raise CommandError(f"{file}: {error}") from error
