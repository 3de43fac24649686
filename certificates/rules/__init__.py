"""Checks before and during an application, each answering with findings."""
