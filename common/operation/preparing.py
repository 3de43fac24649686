"""Lists what a worker loads before its first job, so that this job takes no longer than others."""

from __future__ import annotations

from collections.abc import Callable

PREPARATIONS: list[Callable[[], None]] = []
