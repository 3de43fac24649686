"""Ports of loopback on which somebody listens, or nobody can."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator


def is_open(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=30):
        return True
    return False


@contextlib.contextmanager
def closed_port() -> Iterator[int]:
    """Bound, so that nobody else takes it meanwhile, and not listening."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        yield int(deaf.getsockname()[1])
