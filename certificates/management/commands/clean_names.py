"""Lists stored names with invisible or look-alike signs, and with --apply stores them as they are spelt today."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.people.spelling import persons_to_respell, respell_persons
from certificates.legacy.spelling import SEPARATOR, records_to_respell, respell_records
from common.text.masking import mask_name
from common.text.spelling import Respelled
from enterprises.register.spelling import (
    enterprises_to_respell,
    former_names_to_respell,
    respell_enterprises,
    respell_former_names,
)


def _masked(names: str) -> str:
    """Masks the person before the enterprise."""
    name, _, enterprise = names.partition(SEPARATOR)
    return f"{mask_name(name)}{SEPARATOR}{enterprise}"


class Command(BaseCommand):
    help = "List names of persons and enterprises, also of old records, that are stored with stray signs; with --apply, clean them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="store the clean names; each change is in the audit")

    def handle(self, *args: Any, **options: Any) -> None:
        self._clean("person", persons_to_respell(), respell_persons, mask_name, **options)
        self._clean("enterprise", enterprises_to_respell(), respell_enterprises, str, **options)
        self._clean("old record", records_to_respell(), respell_records, _masked, **options)
        self._clean("former name", former_names_to_respell(), respell_former_names, str, **options)

    def _clean(
        self,
        title: str,
        rows: Iterable[Respelled],
        write: Callable[[list[Respelled]], int],
        shown: Callable[[str], str],
        **options: Any,
    ) -> None:
        found = list(rows)
        for one in found:
            left = "" if one.is_usable else "  left as it is: no usable name remains, a clerk has to look"
            self.stdout.write(f"{title} {one.pk}: {shown(one.name)}  ({one.signs or 'blanks, width or order'}){left}")
        done = write(found) if options["apply"] else 0
        self.stdout.write(f"{title}: {len(found)} found, {done} cleaned")
