"""Kinds of application about certificates, one a file; a new file is found by itself."""
