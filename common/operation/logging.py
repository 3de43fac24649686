"""Writes log lines: one JSON object each, with the id of the request that caused it, never with an ID number."""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")
REQUEST_ID_HEADER = "HTTP_X_REQUEST_ID"
"""RequestIdMiddleware writes the id of the request under this key of `request.META`."""

_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{6})(?:\d{11}[\dXx]|\d{9})(?![0-9A-Za-z])")


def without_id_numbers(text: str) -> str:
    """Log calls name no ID numbers; this removes those inside an exception's message or a mistyped address."""
    return _ID_NUMBER.sub(r"\1************", text)


class PlainFormatter(logging.Formatter):
    """Writes for a developer's terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        return without_id_numbers(super().format(record))


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_id_numbers(record.getMessage()),
            "process": record.process,
        }
        request = getattr(record, "request", None)
        meta = getattr(request, "META", {})
        # Django logs refusals when the answer has left the middleware that sets the variable.
        if current := request_id.get() or meta.get(REQUEST_ID_HEADER, ""):
            line["request_id"] = current
        if path := getattr(request, "path", ""):
            line |= {"method": getattr(request, "method", ""), "path": without_id_numbers(path)}
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info:
            line["exception"] = without_id_numbers(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
