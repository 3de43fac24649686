"""Kinds of application about employment, one a file; a new file is found by itself."""
