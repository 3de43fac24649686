"""Turns of the test processes of one checkout: a test that loads the whole machine runs while the others wait."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(folder: Path, *, alone: bool) -> Iterator[None]:
    """Tests share the floor; one that is `alone` has it to itself.

    Whoever wants the floor first holds the gate, so that a test that waits to be alone is not overtaken for ever.
    """
    folder.mkdir(exist_ok=True)
    with (folder / ".test-gate.lock").open("w") as gate, (folder / ".test-floor.lock").open("w") as floor:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(floor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        yield
