"""The portal's clock in tests: stopped where a test says, for everything in this process that asks what time it is.

The database has its own clock, and so have child processes and other machines; neither is touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import time_machine
from django.utils import timezone


class Clock:
    """Runs by itself until `stop_at` or `forward` stops it; a test may move it as often as it likes."""

    def __init__(self) -> None:
        self._travel: time_machine.travel | None = None

    def stop_at(self, moment: datetime) -> datetime:
        if timezone.is_naive(moment):
            raise ValueError("a moment without a time zone")
        self.run()
        self._travel = time_machine.travel(moment, tick=False)
        self._travel.start()
        return moment

    def stop_on(self, day: str) -> datetime:
        """At ten in the morning in Shanghai, of a day written like 2026-11-23."""
        return self.stop_at(datetime.fromisoformat(f"{day}T10:00:00+08:00"))

    def forward(self, much: timedelta) -> datetime:
        return self.stop_at(timezone.now() + much)

    def run(self) -> None:
        if self._travel is not None:
            self._travel.stop()
            self._travel = None


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """The clock stands at `moment` for as long as the block lasts."""
    with time_machine.travel(moment, tick=False):
        yield


@contextmanager
def later(**much: float) -> Iterator[None]:
    """The clock stands so much later, in the words of `timedelta`, for as long as the block lasts."""
    with clock_at(timezone.now() + timedelta(**much)):
        yield
