"""Runs several processes of one command as if they were one: they are told together, and end together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)
PR_SET_PDEATHSIG = 1


def cores() -> int:
    """Counts the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_together(command: Sequence[str], *, count: int) -> bool:
    """Answers whether all ended in order after a signal; it is handed on to each. Where one ends by itself, the others
    are told to stop.

    It is called in the main thread. The processes end also where this one is killed.
    """
    told, one_ended = threading.Event(), threading.Event()
    former = {number: signal.getsignal(number) for number in SIGNALS}

    def stop(number: int, frame: FrameType | None) -> None:
        told.set()
        one_ended.set()

    for number in SIGNALS:
        signal.signal(number, stop)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        # A signal that comes meanwhile is handed on below.
        processes += [_start(command) for _ in range(count)]
        for process in processes:
            threading.Thread(target=_wait, args=[process, one_ended], daemon=True).start()
        one_ended.wait()
        was_told = told.is_set()
    finally:
        _tell(processes)
        codes = [process.wait() for process in processes]
        for number, handler in former.items():
            signal.signal(number, handler)
    return was_told and not any(codes)


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A session of its own, since a terminal would signal the whole group, and each would hear it twice.
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=end_with_parent)


def end_with_parent() -> None:
    """Is called in a child before its program starts. The child gets SIGTERM when the thread that made it has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait(process: subprocess.Popen[bytes], ended: threading.Event) -> None:
    process.wait()
    ended.set()


def _tell(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
