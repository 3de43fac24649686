"""Holds the kinds of application that follow an exam; a new module is found by itself."""
