from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jxcloud.portal.documentation import BUSINESSES, businesses_document


class Command(BaseCommand):
    help = "Write docs/businesses.md from the declarations; needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")

    def handle(self, *args: object, check: bool, **options: object) -> None:
        text = businesses_document()
        if check:
            if not BUSINESSES.exists() or BUSINESSES.read_text(encoding="utf-8") != text:
                raise CommandError("docs/businesses.md is stale: run manage.py generate_docs")
            return
        BUSINESSES.write_text(text, encoding="utf-8")
        self.stdout.write("docs/businesses.md written")
