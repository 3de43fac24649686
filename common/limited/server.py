"""Starts a child for each piece of work: `python -m common.limited.server CONTROL MODULE…`.

This process has imported what the children need and never reads a stranger's bytes itself. For each socket that comes
over CONTROL it forks: the child limits itself, reads one request from that socket, answers and ends. If the limits
ended a child, this process reports it at the end of the child's socket. It ends with the web process. Nothing here
needs the settings; no secret of the web process is in its environment.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import frames

MEMORY_ENDED = "memory"


@dataclass
class _Child:
    """`ends_at` is in seconds on the monotonic clock."""

    channel: socket.socket
    ends_at: float
    timed_out: bool = False


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    # Ctrl-C is for the web server, whose end this process notices by its socket.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in sys.argv[2:]:
        importlib.import_module(name).prepare()
    gc.collect()
    # Children then share these pages instead of copying them when they count references.
    gc.freeze()
    control.sendall(frames.READY)
    _serve(control)


def _serve(control: socket.socket) -> None:
    wake_read, wake_write = os.pipe()
    for end in (wake_read, wake_write):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake_write)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    children: dict[int, _Child] = {}
    while True:
        nearest = min((child.ends_at for child in children.values()), default=None)
        wait = None if nearest is None else max(0.0, nearest - time.monotonic())
        watched: list[Any] = [control, wake_read]
        ready, _, _ = select.select(watched, [], [], wait)
        if wake_read in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(wake_read, 4096)
        _reap(children)
        _end_late(children)
        if control in ready and not _accept(control, children):
            break
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _accept(control: socket.socket, children: dict[int, _Child]) -> bool:
    """Is False when the web process has ended."""
    try:
        seconds, descriptors, _, _ = socket.recv_fds(control, 16, 1)
    except ConnectionError:
        return False
    if not seconds:
        return False
    if not descriptors:
        return True
    channel = socket.socket(fileno=descriptors[0])
    pid = os.fork()
    if pid == 0:
        for child in children.values():
            child.channel.close()
        control.close()
        _be_child(channel)
    children[pid] = _Child(channel, time.monotonic() + float(seconds))
    return True


def _reap(children: dict[int, _Child]) -> None:
    while children:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        child = children.pop(pid, None)
        if child is None:
            continue
        ended_by = "time" if child.timed_out else os.waitstatus_to_exitcode(status)
        # After a whole answer nobody reads this any more.
        with contextlib.suppress(OSError):
            child.channel.settimeout(0.1)
            frames.send(child.channel, {"ended": ended_by})
        child.channel.close()


def _end_late(children: dict[int, _Child]) -> None:
    now = time.monotonic()
    for pid, child in children.items():
        if child.ends_at <= now and not child.timed_out:
            child.timed_out = True
            child.ends_at = now + 60
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _be_child(channel: socket.socket) -> None:
    """Never returns: whatever happens, the child ends here."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        request, pieces = frames.receive(channel)
        work = _function(request["work"])
        limit(request["limits"])
        try:
            header, answers = work(request["arguments"], pieces)
        except MemoryError:
            header, answers = {"ended": MEMORY_ENDED}, []
        frames.send(channel, header, answers)
        code = 0
    except Exception as error:
        # Only the kind of error is sent, because its text may hold what the file says.
        sys.stderr.write(f"limited work failed: {type(error).__name__}\n")
        sys.stderr.flush()
    finally:
        os._exit(code)


def _function(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(sys.modules[module], function)


def limit(limits: dict[str, int]) -> None:
    """Limits this process until its end: computing time, memory, no files written, few or none opened."""
    # When memory runs out, the system ends this process and not the web server.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("900")
    os.nice(limits["nice"])
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits["files"], limits["files"]))


if __name__ == "__main__":
    main()
