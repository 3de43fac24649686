"""Holds the kinds of application about certificates, one in each module; a new module is found by itself."""
