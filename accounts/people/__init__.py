"""Persons: identity, profile and what is missing in it."""
