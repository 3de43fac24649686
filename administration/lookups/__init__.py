"""Limits and alarms for whoever looks people up by ID number."""
