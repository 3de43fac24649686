"""Keeps a value in a browser's session between two pages: encrypted, expiring, in one class for every use."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from common.encryption import DecryptionError, decrypt_text, encrypt_text

_AT = "at"
"""The unit is seconds since 1970; the value was put at this time."""
_CONTENT = "content"


class SealedValue:
    """Keeps JSON content under one key of the session.

    It is always encrypted, since session rows lie in the database and in its backups. It expires after `lifetime`,
    and a value from the future (a clock that was set back) counts as expired. Content that cannot be decrypted is
    deleted.
    """

    def __init__(self, key: str, *, lifetime: timedelta) -> None:
        self.key = key
        self.lifetime = lifetime

    def put(self, request: HttpRequest, content: Any) -> None:
        """Replaces the former content and starts its lifetime anew."""
        self._write(request, content, timezone.now().timestamp())

    def replace(self, request: HttpRequest, content: Any) -> None:
        """Replaces the content without giving it more time; without former content nothing is written."""
        kept = self._read(request)
        if kept is not None:
            self._write(request, content, kept[_AT])

    def peek(self, request: HttpRequest) -> Any | None:
        """Answers the content, which stays; None if there is none or its time is over."""
        kept = self._read(request)
        return None if kept is None else kept[_CONTENT]

    def _write(self, request: HttpRequest, content: Any, at: float) -> None:
        request.session[self.key] = encrypt_text(json.dumps({_AT: at, _CONTENT: content}))

    def _read(self, request: HttpRequest) -> dict[str, Any] | None:
        token = request.session.get(self.key)
        if token is None:
            return None
        try:
            kept: dict[str, Any] = json.loads(decrypt_text(token))
            age = timezone.now().timestamp() - kept[_AT]
            is_whole = _CONTENT in kept
        except (DecryptionError, ValueError, KeyError, TypeError, AttributeError):
            self.forget(request)
            return None
        if not is_whole or not 0 <= age <= self.lifetime.total_seconds():
            self.forget(request)
            return None
        return kept

    def take(self, request: HttpRequest) -> Any | None:
        """Answers the content, once."""
        content = self.peek(request)
        self.forget(request)
        return content

    def is_kept(self, request: HttpRequest) -> bool:
        return self.peek(request) is not None

    def forget(self, request: HttpRequest) -> None:
        request.session.pop(self.key, None)
