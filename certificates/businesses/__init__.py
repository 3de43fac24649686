"""Businesses of this app; importing the package registers them."""

from . import employer_change, extension

__all__ = ["employer_change", "extension"]
