"""Sends the requests and decides when one is sent again."""

from __future__ import annotations

import base64
import http.client
import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from .keys import Key
from .signing import signed_headers

ATTEMPTS = 6
"""All attempts are counted; they are 1, 2, 4, 8 and 16 seconds apart."""
SECONDS = 30.0
"""The unit is seconds for one attempt."""
_PASSING = frozenset({429, 500, 502, 503, 504})
_REGISTRATIONS = "/api/kiosk/registrations/"


class Unreachable(Exception):
    """The server did not answer, or another program answered in its place, in all attempts."""


class RefusedByServer(Exception):
    def __init__(self, status: int, answer: Mapping[str, Any]) -> None:
        super().__init__(str(answer.get("message", "")))
        self.status = status
        self.code = str(answer.get("code", ""))
        self.findings: list[dict[str, Any]] = list(answer.get("findings", []))


class Client:
    def __init__(self, key: Key, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._key, self._sleep = key, sleep

    def ping(self) -> dict[str, Any]:
        return _object(self._send("GET", "/api/kiosk/ping/"))

    def registration_body(self, request_id: str, card: Mapping[str, Any], portrait: bytes) -> bytes:
        """The caller keeps the body as it is, because a repetition has to be the same bytes."""
        content = {
            "request_id": request_id,
            "office": self._key.office,
            "card": dict(card),
            "portrait": base64.b64encode(portrait).decode("ascii"),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8")

    def register(self, body: bytes) -> dict[str, Any]:
        """It may be called again with the same body, from this process or a later one."""
        return _object(self._send("POST", _REGISTRATIONS, body))

    def status(self, request_id: str) -> dict[str, Any]:
        return _object(self._send("GET", f"{_REGISTRATIONS}{uuid.UUID(request_id)}/"))

    def receipt(self, request_id: str) -> bytes:
        return self._send("GET", f"{_REGISTRATIONS}{uuid.UUID(request_id)}/receipt.pdf")

    def confirm_printed(self, request_id: str) -> dict[str, Any]:
        return _object(self._send("POST", f"{_REGISTRATIONS}{uuid.UUID(request_id)}/printed/"))

    def _send(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Sends again after a broken connection, an overloaded server, or a rate limit; never after any other
        refusal.
        """
        problem = ""
        for attempt in range(ATTEMPTS):
            try:
                return self._attempt(method, path, body)
            except urllib.error.HTTPError as error:
                with error:
                    content = error.read()
                if error.code not in _PASSING:
                    raise RefusedByServer(error.code, _object(content)) from None
                problem, wait = f"服务器回答 {error.code}", _retry_after(error)
            except (OSError, http.client.HTTPException) as error:
                problem, wait = f"网络不通（{type(error).__name__}）", 0.0
            if attempt + 1 < ATTEMPTS:
                self._sleep(max(wait, 2.0**attempt))
        raise Unreachable(f"{problem}，已重试 {ATTEMPTS} 次。登记可能已经成功：请稍后用同一条命令重试，不会重复登记。")

    def _attempt(self, method: str, path: str, body: bytes) -> bytes:
        headers = signed_headers(self._key, method, path, body) | {"Content-Type": "application/json"}
        request = urllib.request.Request(  # noqa: S310  the key file's server, https or this machine
            self._key.server + path, data=body if method == "POST" else None, headers=headers, method=method
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return bytes(answer.read())


def _retry_after(error: urllib.error.HTTPError) -> float:
    text = error.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else 0.0


def _object(content: bytes) -> dict[str, Any]:
    """A proxy in between may answer with a page of its own."""
    try:
        data = json.loads(content)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise Unreachable("回答不是接口的格式：请检查服务器地址和中间的代理。")
    return data
