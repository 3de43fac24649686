"""Keeps connections to other servers open between questions."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .bounded import Answer, Connection, Deadline, SecureConnection, as_failure, checked, read_within


@dataclass(frozen=True)
class _Question:
    path: str
    body: bytes
    headers: Mapping[str, str]
    timeout: float
    most: int


class KeptConnections:
    """Keeps connections open between questions, because a new one costs round trips and a handshake. Where the
    environment names a proxy, each question has a connection of its own.
    """

    IDLE_SECONDS = 20.0
    """After so long without a question many servers have closed it, some without a word."""

    def __init__(self, *, otherwise: Callable[..., Answer]) -> None:
        """`otherwise` asks one question by a connection of its own, with the same arguments as `post`."""
        self._otherwise = otherwise
        self._lock = threading.Lock()
        self._idle: dict[tuple[str, str], list[tuple[float, Connection]]] = {}

    def post(self, url: str, body: bytes, *, timeout: float, most: int, headers: Mapping[str, str]) -> Answer:
        """Raises HttpFailed. A question that a kept connection has lost is asked once more, by a new one."""
        parts = urlsplit(checked(url))
        by_proxy = parts.scheme in urllib.request.getproxies() and not urllib.request.proxy_bypass(parts.hostname or "")
        if by_proxy or "@" in parts.netloc:
            return self._otherwise(url, body, timeout=timeout, most=most, headers=headers)
        path = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
        question, address = _Question(path, body, headers, timeout, most), (parts.scheme, parts.netloc)
        with Deadline(timeout) as deadline, as_failure(deadline):
            kept = self._take(address)
            if kept is not None:
                with suppress(ConnectionError, http.client.BadStatusLine):
                    return self._ask(kept, address, question, deadline)
                if deadline.is_over:
                    raise TimeoutError
            return self._ask(_connection(address, timeout, deadline), address, question, deadline)

    def close(self) -> None:
        self._drop_idle(longer_than=float("-inf"))

    def _take(self, address: tuple[str, str]) -> Connection | None:
        self._drop_idle(longer_than=self.IDLE_SECONDS)
        with self._lock:
            idle = self._idle.get(address)
            return idle.pop()[1] if idle else None

    def _drop_idle(self, *, longer_than: float) -> None:
        with self._lock:
            last = time.monotonic() - longer_than
            dropped = [one for idle in self._idle.values() for one in idle if one[0] <= last]
            self._idle = {
                address: fresh
                for address, idle in self._idle.items()
                if (fresh := [one for one in idle if one[0] > last])
            }
        for _, connection in dropped:
            connection.close()

    def _ask(self, connection: Connection, address: tuple[str, str], question: _Question, deadline: Deadline) -> Answer:
        connection.follow(deadline, question.timeout)
        is_done = False
        try:
            connection.request("POST", question.path, question.body, dict(question.headers))
            reply = connection.getresponse()
            answer = Answer(reply.status, reply.headers, read_within(reply, question.most))
            # What was cut off by the deadline has no length to notice it by.
            is_done = reply.isclosed() and not reply.will_close and not deadline.is_over
        finally:
            if is_done:
                with self._lock:
                    self._idle.setdefault(address, []).append((time.monotonic(), connection))
            else:
                connection.close()
        return answer


def _connection(address: tuple[str, str], timeout: float, deadline: Deadline) -> Connection:
    scheme, netloc = address
    options: dict[str, Any] = {"timeout": timeout, "deadline": deadline}
    if scheme == "https":
        return SecureConnection(netloc, context=ssl.create_default_context(), **options)
    return Connection(netloc, **options)
