"""Imports enterprises from a file."""

from administration.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import enterprises (csv or xlsx)."
    kind = "enterprises"
