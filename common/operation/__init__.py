"""Holds what an operator of the server uses: log lines, health, warnings about settings."""
