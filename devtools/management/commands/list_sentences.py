"""Declares the command that lists every Chinese sentence of the portal with its place in the code."""

from __future__ import annotations

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from devtools.sentences import sentences


class Command(BaseCommand):
    help = "Write file, line, code and text of every Chinese sentence as CSV, for review; needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="where to write; without it the table goes to the terminal")

    def handle(self, *args: object, file: str | None, **options: object) -> None:
        rows = [("文件", "行", "代号", "文字"), *((one.file, one.line, one.code, one.text) for one in sentences())]
        if file is None:
            csv.writer(self.stdout).writerows(rows)
            return
        # A spreadsheet of the writers takes the signature as the sign of UTF-8.
        with Path(file).open("w", encoding="utf-8-sig", newline="") as target:
            csv.writer(target).writerows(rows)
        self.stdout.write(f"{len(rows) - 1} sentences written")
