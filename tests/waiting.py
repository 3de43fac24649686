"""Waits for what another process or thread does; a test never waits for a time (CONTRIBUTING.md)."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 600
"""Ten times what the slowest of them, a demonstration that starts, takes on a quiet machine."""


def wait_until(
    is_so: Callable[[], object], told: Callable[[], str] = str, *, alive: subprocess.Popen[Any] | None = None
) -> None:
    """Fails with what is `told` if it does not come, or if the process that has to do it has ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert alive is None or alive.poll() is None, f"the process has ended by itself\n{told()}"
        assert time.monotonic() < deadline, f"it does not come\n{told()}"
        time.sleep(0.05)
