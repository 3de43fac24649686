"""Imports the register of other provinces' certificates from a file."""

from administration.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import the register of other provinces' certificates in force (csv or xlsx)."
    kind = "outside"
