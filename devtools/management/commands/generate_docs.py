"""Declares the command that writes the documents which follow from declarations."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from devtools.documentation import ACCESS, BUSINESSES, access_document, businesses_document
from devtools.manual import COVERAGE, coverage_document

DOCUMENTS = {BUSINESSES: businesses_document, ACCESS: access_document, COVERAGE: coverage_document}


class Command(BaseCommand):
    help = "Write the documents that follow from declarations: businesses, access, manual-coverage; needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")

    def handle(self, *args: object, check: bool, **options: object) -> None:
        for file, document in DOCUMENTS.items():
            text = document()
            if not check:
                file.write_text(text, encoding="utf-8")
                self.stdout.write(f"docs/{file.name} written")
            elif not file.exists() or file.read_text(encoding="utf-8") != text:
                raise CommandError(f"docs/{file.name} is stale: run manage.py generate_docs")
