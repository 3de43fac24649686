"""Finds a port for a server that starts a minute later, beside processes that look for ports too."""

from __future__ import annotations

import socket
from random import SystemRandom

RANGE = range(20_000, 32_000)
"""The kernel gives none of these by itself: not to a visitor, and not to a server that asks for any (`ip_local_port_range`)."""


def free_port() -> int:
    """Drawn by chance, which no seed of a test repeats: two processes hardly ever draw the same at one time."""
    while True:
        port = SystemRandom().choice(RANGE)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
