"""Imports registered constructors from a file."""

from administration.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import registered constructors (csv or xlsx)."
    kind = "constructors"
