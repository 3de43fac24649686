class TableError(Exception):
    """The file as a whole cannot be read. The message is one sentence for the person who uploaded it."""
