"""Asks other servers over HTTP: one question, one bounded answer, one exception.

An answer is bounded in time, headers included, and in size. Redirects are followed only where the caller allows it, and never
to another scheme than https or the one that was asked. Proxies are taken from the environment, as everywhere in Python.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import IO, ClassVar
from urllib.parse import urlsplit

from .bounded import (
    SCHEMES,
    Answer,
    Connection,
    Deadline,
    HttpFailed,
    HttpTooLong,
    SecureConnection,
    as_failure,
    checked,
    read_within,
)
from .kept_connections import KeptConnections


class PartnerBusy(HttpFailed):
    """As many threads as may wait for this partner wait already; nothing was asked."""


class PartnerAway(HttpFailed):
    """The partner has failed several times in a row and is left alone for some seconds; nothing was asked."""


def get(
    url: str, *, timeout: float, most: int, headers: Mapping[str, str] | None = None, redirects: bool = False
) -> Answer:
    """`timeout` is in seconds for the whole answer, `most` in bytes. Any status is an answer. Raises HttpFailed."""
    request = urllib.request.Request(checked(url), headers=dict(headers or {}))  # noqa: S310 - checked
    return _exchange(request, timeout, most, redirects)


def post(url: str, body: bytes, *, timeout: float, most: int, headers: Mapping[str, str]) -> Answer:
    """Works like `get`, but never follows a redirect, because what is sent is for the configured server only."""
    request = urllib.request.Request(checked(url), body, dict(headers), method="POST")  # noqa: S310 - checked
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
        self._kept = KeptConnections(otherwise=post)
        Partner.known.append(self)

    def get(self, url: str, *, timeout: float, most: int, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask(url, lambda: get(url, timeout=timeout, most=most, headers=headers), timeout)

    def post(self, url: str, body: bytes, *, timeout: float, most: int, headers: Mapping[str, str]) -> Answer:
        return self._ask(url, lambda: post(url, body, timeout=timeout, most=most, headers=headers), timeout)

    def post_again(self, url: str, body: bytes, *, timeout: float, most: int, headers: Mapping[str, str]) -> Answer:
        """Works like `post`, by a kept connection, for questions that come in a row and may be heard twice."""
        question = partial(self._kept.post, url, body, timeout=timeout, most=most, headers=headers)
        return self._ask(url, question, timeout)

    def forget(self) -> None:
        """Serves tests, which use addresses again."""
        with self._lock:
            self._row.clear()
            self._closed_until.clear()
        self._kept.close()

    def _ask(self, url: str, question: Callable[[], Answer], timeout: float) -> Answer:
        address = urlsplit(checked(url)).netloc
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


class _Handler(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(Connection, deadline=self._deadline), req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        context = ssl.create_default_context()
        return self.do_open(partial(SecureConnection, deadline=self._deadline, context=context), req)


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


def _opener(deadline: Deadline, redirects: bool) -> urllib.request.OpenerDirector:
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
    with Deadline(timeout) as deadline, as_failure(deadline):
        try:
            with _opener(deadline, redirects).open(request, timeout=timeout) as reply:
                return Answer(reply.status, reply.headers, read_within(reply, most))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, read_within(error, most))
