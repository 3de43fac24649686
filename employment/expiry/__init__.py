"""Contracts that run out: reminded of and ended by the night."""
