"""Imports exam results from a file."""

from administration.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Import exam results (csv or xlsx)."
    kind = "exam_results"
