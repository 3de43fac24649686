"""Hands a piece of work to a child and waits for its answer, for a limited time; this is the side of the web process."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from . import frames, scope
from .slots import Busy, Slots

logger = logging.getLogger(__name__)

_PROJECT = Path(__file__).resolve().parents[2]
_START_SECONDS = 30.0
_GRACE_SECONDS = 0.5
"""The unit is seconds beyond the child's own time, in which its end is reported."""


class Exceeded(Exception):
    """The limits ended the child: the file needs more than any usual file."""


class UsedUp(Exceeded):
    """The files of this request before this one have used up its time. Says nothing about the file."""


class Failed(Exception):
    """Our own side could not do the work now. This says nothing about the file."""


@dataclass(frozen=True)
class Limits:
    """`memory` is in bytes of address space, with what the libraries themselves take; `files` may be open at once, and
    with 0 none can be opened, not even to read.
    """

    cpu_seconds: int
    memory: int
    files: int = 0
    nice: int = 10


@dataclass(frozen=True)
class Kind:
    """`work` reads module:function, called as (arguments, pieces) -> (header, pieces); settings.LIMITED_WORK has the
    module. `wall_seconds` counts outside of requests, in place of the setting; within one, what is left of its own time
    counts.
    """

    work: str
    limits: Limits
    slots: Slots
    wall_seconds: float | None = None


def run_in_child(
    kind: Kind, arguments: dict[str, Any], pieces: Sequence[bytes] = ()
) -> tuple[dict[str, Any], list[bytes]]:
    """Raises Busy, Exceeded or Failed. The answer of the child is data, never code."""
    request = scope.current()
    if request is None:
        return _run(kind, arguments, pieces, kind.wall_seconds or settings.LIMITED_WORK_SECONDS_OUTSIDE)
    request.hold(kind.slots)
    seconds = request.seconds_left
    if seconds <= 0:
        raise UsedUp("the request has used up its time")
    begun = time.monotonic()
    try:
        return _run(kind, arguments, pieces, seconds)
    finally:
        request.seconds_left -= time.monotonic() - begun


def _run(
    kind: Kind, arguments: dict[str, Any], pieces: Sequence[bytes], seconds: float
) -> tuple[dict[str, Any], list[bytes]]:
    message = {"work": kind.work, "limits": asdict(kind.limits), "arguments": arguments}
    with _server.child(seconds) as channel:
        deadline = time.monotonic() + seconds + _GRACE_SECONDS
        channel.settimeout(seconds)
        # The answer that follows reports a child that ended before it had read everything.
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                frames.send(channel, message, pieces)
            header, answers = frames.receive(channel, deadline=deadline)
        except TimeoutError as error:
            raise Failed("no answer in time") from error
        except (frames.Broken, ConnectionError) as error:
            raise Failed("no answer") from error
    if "ended" in header:
        _tell_end(kind, header["ended"])
    return header, answers


def _tell_end(kind: Kind, ended_by: object) -> None:
    logger.warning("%s was ended by %s", kind.work, ended_by)
    # A library that gets no memory ends itself (SIGABRT) where it cannot raise.
    if ended_by in ("memory", -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT):
        raise Exceeded(str(ended_by))
    # On a machine with too much work a good file gets no computing time either.
    raise Failed(str(ended_by))


class _Server:
    """Holds the process that forks; each process that needs it starts one, and again when it has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0
        self._is_ready = False

    @contextlib.contextmanager
    def child(self, seconds: float) -> Any:
        """Answers a socket to a new child that is ended after so many seconds."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._hand_over(theirs, seconds)
            yield ours
        finally:
            ours.close()

    def start(self, *, wait: bool) -> None:
        with self._lock:
            self._ensure()
            if wait:
                self._wait_until_ready()

    def _hand_over(self, theirs: socket.socket, seconds: float) -> None:
        with self._lock:
            for attempt in range(2):
                self._ensure()
                try:
                    self._wait_until_ready()
                    socket.send_fds(self._channel(), [f"{seconds:.3f}".encode()], [theirs.fileno()])
                    return
                except OSError as error:
                    self._forget()
                    if attempt:
                        raise Failed("the process that forks does not start") from error

    def _channel(self) -> socket.socket:
        if self._control is None:
            raise OSError("not started")
        return self._control

    def _ensure(self) -> None:
        if self._owner != os.getpid():  # forked: the other process keeps its own
            self._process, self._control = None, None
        if self._process is not None and self._process.poll() is None:
            return
        self._forget()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "common.limited.server", str(theirs.fileno()), *settings.LIMITED_WORK],
                cwd=_PROJECT,
                # Children that read strangers' files get no secrets of this process.
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._control, self._owner, self._is_ready = ours, os.getpid(), False

    def _wait_until_ready(self) -> None:
        if self._is_ready:
            return
        channel = self._channel()
        # This happens only in the first second of a process; a request waits no longer than any other may.
        channel.settimeout(settings.LIMITED_WORK_SECONDS if scope.current() else _START_SECONDS)
        try:
            if channel.recv(1) != frames.READY:
                raise OSError("ended while it started")
        except TimeoutError:
            raise Busy(own=False) from None
        channel.settimeout(1.0)
        self._is_ready = True

    def _forget(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
        self._process, self._control, self._is_ready = None, None, False

    def stop(self) -> None:
        with self._lock:
            self._forget()


_server = _Server()
atexit.register(_server.stop)


def prestart(*, wait: bool = False) -> None:
    """Is called when a web process starts, so that its first visitor need not wait for the imports."""
    _server.start(wait=wait)
