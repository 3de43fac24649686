"""Limits how much of one kind of work runs at once, over all web processes that share `SLOTS_ROOT`.

A slot is a locked file: the lock ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from common.encryption import blind_index


class Busy(Exception):
    """No slot is free and the request does not wait for one; nothing of it has been done."""

    retry_after = 5
    """The unit is seconds."""

    def __init__(self, *, own: bool) -> None:
        super().__init__("own work goes on" if own else "no slot is free")
        self.own = own


@dataclass(frozen=True)
class Slots:
    name: str
    count: int
    for_one_source: int

    def take(self, source: str) -> Slot:
        """`source` is an address; only a digest of it is written down. Raises Busy."""
        folder = Path(settings.SLOTS_ROOT)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark = blind_index(source, "slot").encode()
        with self._counting(folder):
            return Slot(self._lock_one(folder, mark))

    @contextlib.contextmanager
    def _counting(self, folder: Path) -> Iterator[None]:
        """Otherwise two requests of one address at the same moment would both see no other. It is held for
        microseconds.
        """
        gate = _open(folder / f"{self.name}.count")
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)

    def _lock_one(self, folder: Path, mark: bytes) -> int:
        free: list[int] = []
        own = 0
        for number in range(self.count):
            file = _open(folder / f"{self.name}.{number}")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                free.append(file)
            except BlockingIOError:
                own += os.pread(file, len(mark), 0) == mark
                os.close(file)
        taken = free.pop() if free and own < self.for_one_source else None
        for file in free:
            os.close(file)
        if taken is None:
            raise Busy(own=own >= self.for_one_source)
        os.pwrite(taken, mark, 0)
        return taken


class Slot:
    def __init__(self, file: int) -> None:
        self._file = file

    def release(self) -> None:
        os.close(self._file)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
