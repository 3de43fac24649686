"""Imports old certificates from a file."""

from administration.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import old certificates (csv or xlsx)."
    kind = "legacy"
