"""Businesses of this app; importing the package registers them."""

from . import employment_end, employment_start

__all__ = ["employment_end", "employment_start"]
