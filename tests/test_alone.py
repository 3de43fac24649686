"""The tests' own tool: who is alone has the floor, and is not overtaken by those who come later."""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path

from tests.alone import turn
from tests.waiting import PATIENCE_SECONDS, wait_until


def is_gate_held(folder: Path) -> bool:
    with (folder / ".test-gate.lock").open("w") as gate:
        try:
            fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_many_share_the_floor_and_one_has_it_alone(tmp_path: Path) -> None:
    story: list[str] = []
    first_is_in, first_may_go = threading.Event(), threading.Event()

    def first() -> None:
        with turn(tmp_path, alone=False):
            first_is_in.set()
            first_may_go.wait(PATIENCE_SECONDS)
            story.append("first leaves")

    def alone() -> None:
        with turn(tmp_path, alone=True):
            story.append("alone")

    def late() -> None:
        with turn(tmp_path, alone=False):
            story.append("late")

    one, two, three = (threading.Thread(target=work) for work in (first, alone, late))
    one.start()
    assert first_is_in.wait(PATIENCE_SECONDS)
    with turn(tmp_path, alone=False):
        story.append("shared")
    two.start()
    wait_until(lambda: is_gate_held(tmp_path))
    three.start()
    three.join(0.3)
    assert story == ["shared"], "one waits to be alone, and a later one does not overtake it"
    first_may_go.set()
    for thread in (one, two, three):
        thread.join(PATIENCE_SECONDS)
    assert story == ["shared", "first leaves", "alone", "late"]
