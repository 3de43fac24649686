"""Says what a provider's answer means for a message. The texts are kept and shown, so they hold no address and no word of it."""

from __future__ import annotations


class TryAgain(Exception):
    """Nobody knows whether the provider has it: it is handed over again later, with the same key."""


class Rejected(Exception):
    """The provider will never take this message."""


class ProviderAway(Exception):
    """Nothing was handed over: the provider is not reachable, and is left alone for a while."""
