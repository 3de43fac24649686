"""Reads, checks, masks and prints names and numbers."""
