"""Imports continuing-education records from a file."""

from administration.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import continuing-education records (csv or xlsx)."
    kind = "training"
