"""Formats of names and numbers: how they are read, checked, masked and printed."""
