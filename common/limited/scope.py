"""One request may take a slot of each kind until its end, and a limited time of children."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextvars import ContextVar

from django.conf import settings

from .slots import Busy, Slot, Slots

IN_ONE_PROCESS = 2
"""Requests that wait for children at once; the process has more threads than that (docs/adr/0016)."""

_here = threading.BoundedSemaphore(IN_ONE_PROCESS)


class Scope:
    def __init__(self, source: str) -> None:
        self.source = source
        self.seconds_left: float = settings.LIMITED_WORK_SECONDS
        self._slots: dict[str, Slot] = {}

    def hold(self, slots: Slots) -> None:
        """Until the end of the request: its second picture is not refused after the first. Raises Busy."""
        if slots.name in self._slots:
            return
        first = not self._slots
        if first and not _here.acquire(blocking=False):
            raise Busy(own=False)
        try:
            self._slots[slots.name] = slots.take(self.source)
        except BaseException:
            if first:
                _here.release()
            raise

    def release(self) -> None:
        if not self._slots:
            return
        for slot in self._slots.values():
            slot.release()
        self._slots.clear()
        _here.release()


_current: ContextVar[Scope | None] = ContextVar("limited_work", default=None)


def current() -> Scope | None:
    """None in jobs and commands: what they work at has been let in before, and nobody waits for them."""
    return _current.get()


@contextlib.contextmanager
def request_scope(source: str) -> Iterator[Scope]:
    scope = Scope(source)
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)
        scope.release()
