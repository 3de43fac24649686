"""Imports of files in the back office."""
