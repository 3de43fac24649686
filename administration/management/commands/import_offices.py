"""Declares the command that imports offices."""

from administration.imports.command import ImportCommand
from administration.offices.importing import KIND


class Command(ImportCommand):
    help = "Import offices and the regions they answer for (csv or xlsx); an office of the same name is changed."
    kind = KIND
