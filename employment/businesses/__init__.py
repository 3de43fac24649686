"""Holds the kinds of application about employment, one in each module; a new module is found by itself."""
