"""Says that something happened which policy forbids."""

from __future__ import annotations


class BrokenPromise(AssertionError):
    """Something happened that policy forbids, or a refusal without a sentence."""
