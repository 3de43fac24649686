"""Lets one request take a slot of each kind until its end, and a limited time of children."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar

from django.conf import settings

from .slots import Busy, Slot, Slots

IN_ONE_PROCESS = 2
"""The unit is requests of one process that wait for children at once; the process has more threads than that
(docs/adr/0016).
"""

SHARE_FOR_WAITING = 0.5
"""The value is the share of a request's time with children that may be spent on waiting for a slot."""
LOOK_AGAIN_SECONDS = 0.05

_here = threading.BoundedSemaphore(IN_ONE_PROCESS)


class Scope:
    def __init__(self, source: str, may_wait: Callable[[], bool] = lambda: False) -> None:
        """`may_wait` tells whether the sender has logged in, since a page of theirs asks for several pictures at
        once.
        """
        self.source = source
        self.may_wait = may_wait
        self.seconds_left: float = settings.LIMITED_WORK_SECONDS
        self._slots: dict[str, Slot] = {}

    def hold(self, slots: Slots) -> None:
        """Takes a slot until the end of the request, so that its second picture is not refused after the first.
        Raises Busy.

        Strangers are refused at once. Whoever has logged in waits for a moment, which counts as their request's own
        time.
        """
        begun = time.monotonic()
        patience = SHARE_FOR_WAITING * settings.LIMITED_WORK_SECONDS
        while True:
            try:
                self._take(slots)
            except Busy:
                if time.monotonic() - begun >= patience or not self.may_wait():
                    raise
                time.sleep(LOOK_AGAIN_SECONDS)
            else:
                self.seconds_left -= time.monotonic() - begun
                return

    def _take(self, slots: Slots) -> None:
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
    """Is None in jobs and commands: their work was accepted before, and nobody waits for them."""
    return _current.get()


@contextlib.contextmanager
def request_scope(source: str, may_wait: Callable[[], bool] = lambda: False) -> Iterator[Scope]:
    scope = Scope(source, may_wait)
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)
        scope.release()
