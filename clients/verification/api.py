"""Asks the interface, in parts of as many rows as it takes, and waits where it says so."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from typing import Any

AT_ONCE = 500
TRIES = 5
TIMEOUT = 60
"""The unit is seconds."""


class Refused(Exception):
    """The server has refused the request; `code` is for programs."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{message} ({status} {code})")
        self.status = status
        self.code = code


class Api:
    def __init__(self, server: str, key: str, *, wait: Callable[[float], None] = time.sleep) -> None:
        """`server` is the beginning of the portal's address, such as https://portal.example."""
        if not server.startswith(("https://", "http://")):
            raise ValueError("the address of the server begins with https://")
        self.address = server.rstrip("/") + "/api/verification/"
        self.key = key
        self.wait = wait

    def verify(self, pairs: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """`pairs` are number and name; answers the results in the same order. Raises Refused or OSError."""
        for start in range(0, len(pairs), AT_ONCE):
            part = pairs[start : start + AT_ONCE]
            answer = self._ask({"items": [{"number": number, "name": name} for number, name in part]})
            for place, result in enumerate(answer["results"], start + 1):
                yield result | {"place": place}

    def _ask(self, content: dict[str, Any]) -> dict[str, Any]:
        for _ in range(TRIES - 1):
            try:
                return self._send(content)
            except _Later as later:
                self.wait(later.seconds)
        return self._send(content)

    def _send(self, content: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  the scheme was checked
            self.address,
            data=json.dumps(content, ensure_ascii=False).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error) from None


class _Later(Refused):
    seconds = 0.0


def _refusal(error: urllib.error.HTTPError) -> Refused:
    try:
        said = json.load(error)
    except ValueError:
        said = {}
    code, message = str(said.get("code", "")), str(said.get("message", error.reason))
    after = error.headers.get("Retry-After", "")
    if error.code in (429, 503) and after.isdigit():
        later = _Later(error.code, code, message)
        later.seconds = float(after)
        return later
    return Refused(error.code, code, message)
