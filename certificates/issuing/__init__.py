"""This room gives certificates their terms, versions and numbers."""
