"""Asks other servers over HTTP: one question, one bounded answer, one exception.

An answer is bounded in time, headers included, and in size. Redirects are followed only where the caller allows it, and never
to another scheme than https or the one that was asked. Proxies are taken from the environment, as everywhere in Python.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import partial
from http import HTTPStatus
from typing import IO, Any, ClassVar, Protocol
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


class PartnerBusy(HttpFailed):
    """As many threads as may wait for this partner wait already; nothing was asked."""


class PartnerAway(HttpFailed):
    """The partner has failed several times in a row and is left alone for some seconds; nothing was asked."""


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


class Partner:
    """Another server on which the portal depends, and must not hang: at most `places` threads of this process wait for
    it, and after `failures` in a row at one address that address is not asked for `pause` seconds. Then one question
    is let through, whose answer decides.

    A failure is no answer in time, or a status of 500 and above.
    """

    known: ClassVar[list[Partner]] = []

    def __init__(self, name: str, *, places: int = 2, failures: int = 3, pause: float = 20) -> None:
        self.name, self.failures, self.pause = name, failures, pause
        self._places = threading.BoundedSemaphore(places)
        self._lock = threading.Lock()
        self._row: dict[str, int] = {}
        self._closed_until: dict[str, float] = {}
        Partner.known.append(self)

    def get(self, url: str, *, timeout: float, most: int, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask(url, lambda: get(url, timeout=timeout, most=most, headers=headers), timeout)

    def post(self, url: str, body: bytes, *, timeout: float, most: int, headers: Mapping[str, str]) -> Answer:
        return self._ask(url, lambda: post(url, body, timeout=timeout, most=most, headers=headers), timeout)

    def forget(self) -> None:
        """Serves tests, which use addresses again."""
        with self._lock:
            self._row.clear()
            self._closed_until.clear()

    def _ask(self, url: str, question: Callable[[], Answer], timeout: float) -> Answer:
        address = urlsplit(_checked(url)).netloc
        if not self._places.acquire(blocking=False):
            raise PartnerBusy(f"{self.name}: as many as may wait do so already")
        try:
            self._pass_breaker(address, timeout)
            failed = True
            try:
                answer = question()
                failed = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            except HttpTooLong:
                failed = False
                raise
            finally:
                self._note(address, failed)
        finally:
            self._places.release()
        return answer

    def _pass_breaker(self, address: str, timeout: float) -> None:
        with self._lock:
            if self._row.get(address, 0) < self.failures:
                return
            if time.monotonic() < self._closed_until[address]:
                raise PartnerAway(f"{self.name}: {self.failures} failures in a row; left alone for some seconds")
            # This one is the trial; the others wait for its outcome.
            self._closed_until[address] = time.monotonic() + timeout + self.pause

    def _note(self, address: str, failed: bool) -> None:
        with self._lock:
            if not failed:
                self._row.pop(address, None)
                self._closed_until.pop(address, None)
                return
            self._row[address] = self._row.get(address, 0) + 1
            if self._row[address] >= self.failures:
                self._closed_until[address] = time.monotonic() + self.pause


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
