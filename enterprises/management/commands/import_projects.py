"""Imports projects in progress from a file."""

from administration.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import construction projects in progress (csv or xlsx)."
    kind = "projects"
