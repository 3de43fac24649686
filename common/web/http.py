"""Asks other servers over HTTP: one question, one bounded answer, one exception.

An answer is bounded in time, headers included, and in size. Redirects are followed only where the caller allows it, and never
to another scheme than https or the one that was asked. Proxies are taken from the environment, as everywhere in Python.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from functools import partial
from typing import IO, Any, Protocol
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


def get(
    url: str, *, timeout: float, most: int, headers: Mapping[str, str] | None = None, redirects: bool = False
) -> Answer:
    """`timeout` is in seconds for the whole answer, `most` in bytes. Any status is an answer. Raises HttpFailed."""
    request = urllib.request.Request(_checked(url), headers=dict(headers or {}))  # noqa: S310 - _checked
    return _exchange(request, timeout, most, redirects)


def post(url: str, body: bytes, *, timeout: float, most: int, headers: Mapping[str, str]) -> Answer:
    """Works like `get`, but never follows a redirect, because what is sent is for the configured server only."""
    request = urllib.request.Request(_checked(url), body, dict(headers), method="POST")  # noqa: S310 - _checked
    return _exchange(request, timeout, most, redirects=False)


def _checked(url: str) -> str:
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


class _Deadline:
    """Closes the connection when the time is over, so that a server that sends single bytes delays nobody."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            while self._sockets:
                self._sockets.pop().close()

    def guard(self, connected: socket.socket) -> None:
        """Keeps a duplicate, since TLS takes the socket itself over."""
        with self._lock:
            self._sockets.append(connected.dup())
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


class _Connection(http.client.HTTPConnection):
    def __init__(self, *args: Any, deadline: _Deadline, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.guard(self.sock)


class _SecureConnection(http.client.HTTPSConnection, _Connection):
    """HTTPSConnection connects by `_Connection`, the next class in its order, and then does the TLS handshake within
    the deadline.
    """


class _Handler(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_Connection, deadline=self._deadline), req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        context = ssl.create_default_context()
        return self.do_open(partial(_SecureConnection, deadline=self._deadline, context=context), req)


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, allowed: bool) -> None:
        self._allowed = allowed

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """None leaves the redirect as the answer."""
        scheme = urlsplit(newurl).scheme
        if not self._allowed or scheme not in SCHEMES or (scheme != "https" and scheme != req.type):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Reply(Protocol):
    """Is an HTTPResponse, or an HTTPError, which wraps one."""

    headers: Message

    def read(self, amount: int, /) -> bytes: ...


def _opener(deadline: _Deadline, redirects: bool) -> urllib.request.OpenerDirector:
    """Allows HTTP only: no file, ftp or data addresses, whatever a redirect says."""
    director = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        _Handler(deadline),
        _Redirects(redirects),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        director.add_handler(handler)
    return director


def _exchange(request: urllib.request.Request, timeout: float, most: int, redirects: bool) -> Answer:
    with _Deadline(timeout) as deadline:
        try:
            try:
                with _opener(deadline, redirects).open(request, timeout=timeout) as reply:
                    answer = Answer(reply.status, reply.headers, _read(reply, most))
            except urllib.error.HTTPError as error:
                with error:
                    answer = Answer(error.code, error.headers, _read(error, most))
        except (OSError, http.client.HTTPException, ValueError) as error:
            if deadline.is_over:
                raise HttpFailed("the answer takes too long") from error
            raise HttpFailed(f"no answer: {_reason(error)}") from error
        if deadline.is_over:  # cut off without a length to notice it by
            raise HttpFailed("the answer takes too long")
    return answer


def _read(reply: _Reply, most: int) -> bytes:
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
