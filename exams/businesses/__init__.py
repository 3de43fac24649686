"""Holds the kind of application that follows a passed exam; a new module is found by itself."""
