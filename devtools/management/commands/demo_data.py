"""Declares the command that fills an empty database with demonstration data."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Person
from devtools.demo.build import build_demo


class Command(BaseCommand):
    help = "Fill an empty database with demonstration data; a filled one is left alone."

    def handle(self, *args: object, **options: object) -> None:
        if not hasattr(settings, "DEMO_PKI"):
            raise CommandError("demonstration data is for development: production has no demonstration keys")
        if Person.objects.exists():
            self.stdout.write("The data of the last run is kept.")
            return
        with transaction.atomic():
            context = build_demo()
        self.stdout.write(f"Demonstration data written; {len(context.logins)} logins in var/demo.json.")
