"""Creates a login of one of the three administrators on the server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access.home_addresses import ADMINISTRATORS
from accounts.credentials.passwords import initial_password
from accounts.staff.services import create_administrator, unguessable_login
from common.findings import Refused
from common.text.id_number import normalise_id_number


class Command(BaseCommand):
    help = "Makes one of the three administrators and prints the initial password, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="its beginning: outside the demonstration random characters are added")
        parser.add_argument("name")
        parser.add_argument("sphere", choices=sorted(ADMINISTRATORS))
        parser.add_argument("--exact", action="store_true", help="take the login as it is, without random characters")
        parser.add_argument(
            "--id-number",
            default="",
            help="of the person: kept as an index only, refuses somebody who has another of the roles already",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = initial_password()
        is_exact = options["exact"] or settings.IS_DEMONSTRATION
        login = options["login"] if is_exact else unguessable_login(options["login"])
        try:
            create_administrator(
                login=login,
                name=options["name"],
                sphere=options["sphere"],
                password=password,
                id_number=normalise_id_number(options["id_number"]) if options["id_number"] else "",
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{login}  {password}")
