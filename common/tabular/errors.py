"""Defines the exception of files that cannot be read as a table."""


class TableError(Exception):
    """The file as a whole cannot be read. The message is one sentence for the person who uploaded it."""
