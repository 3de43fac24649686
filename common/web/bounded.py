"""One question by HTTP and its bounded answer: in time, headers included, and in size."""

from __future__ import annotations

import http.client
import socket
import threading
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from typing import Any, Protocol
from urllib.parse import urlsplit

PIECE = 8192
"""The unit is bytes read at a time."""
SCHEMES = ("http", "https")


class HttpFailed(Exception):
    """There is no usable answer; the message says why, for the operator's log. It never holds the address, which may
    be confidential.
    """


class HttpTooLong(HttpFailed):
    """The answer is larger than the caller takes."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes


def checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        fits = (
            parts.scheme in SCHEMES and bool(parts.hostname) and url.isascii() and url.isprintable() and " " not in url
        )
    except ValueError:
        fits = False
    if not fits:
        raise HttpFailed("the address is neither http nor https")
    return url


class Deadline:
    """Closes the connection when the time is over, so that a server that sends single bytes delays nobody."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            while self._sockets:
                self._sockets.pop().close()

    def guard(self, connected: socket.socket) -> None:
        """Keeps a duplicate, since TLS takes the socket itself over and closes it."""
        with self._lock:
            self._sockets.append(socket.fromfd(connected.fileno(), connected.family, connected.type))
        if self.is_over:
            self._cut()

    def _cut(self) -> None:
        self.is_over = True
        with self._lock:
            for one in self._sockets:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # closed by the other side


class Connection(http.client.HTTPConnection):
    def __init__(self, *args: Any, deadline: Deadline, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.guard(self.sock)

    def follow(self, deadline: Deadline, timeout: float) -> None:
        """Obeys another deadline from now on, as a kept connection does with each question."""
        self._deadline, self.timeout = deadline, timeout
        if self.sock is not None:
            self.sock.settimeout(timeout)
            deadline.guard(self.sock)


class SecureConnection(http.client.HTTPSConnection, Connection):
    """HTTPSConnection connects by `Connection`, the next class in its order, and then does the TLS handshake within
    the deadline.
    """


class Reply(Protocol):
    """Is an HTTPResponse, or an HTTPError, which wraps one."""

    @property
    def headers(self) -> Message: ...

    def read(self, amount: int, /) -> bytes: ...


@contextmanager
def as_failure(deadline: Deadline) -> Iterator[None]:
    """Turns what goes wrong inside into HttpFailed, and an answer that came too late as well."""
    try:
        yield
    except (OSError, http.client.HTTPException, ValueError) as error:
        if deadline.is_over:
            raise HttpFailed("the answer takes too long") from error
        raise HttpFailed(f"no answer: {_reason(error)}") from error
    if deadline.is_over:  # cut off without a length to notice it by
        raise HttpFailed("the answer takes too long")


def read_within(reply: Reply, most: int) -> bytes:
    """Reads in pieces, so that it never holds more than a piece over `most`. Raises HttpTooLong, and IncompleteRead."""
    content = bytearray()
    while piece := reply.read(PIECE):
        content += piece
        if len(content) > most:
            raise HttpTooLong("the answer is too long")
    announced = reply.headers.get("Content-Length", "")
    # http.client does not report a missing end when it is read in pieces.
    if announced.isdecimal() and len(content) < int(announced[:12]):
        raise http.client.IncompleteRead(bytes(content), int(announced[:12]) - len(content))
    return bytes(content)


def _reason(error: Exception) -> str:
    """Answers the kind of failure with its text, which names no address."""
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    return f"{type(inner).__name__}: {inner}" if isinstance(inner, Exception) else str(inner)
