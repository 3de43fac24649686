"""Answers as an SMS service for tests and trials (docs/messages.md): it checks signatures and sends nothing.

`python -m devtools.demo_servers.sms_service PORT` serves until it is ended; key and secret are those of this file.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any

from administration.outbox.signing import KEY as KEY_HEADER
from administration.outbox.signing import NONCE, SIGNATURE, TIMESTAMP, is_signed

from .loopback import KeptAnswering, http_server, serving

KEY = "demo-portal"
SECRET = "demonstration-only-" * 4
MOST = 64 * 1024

Failing = Callable[[int], str]
"""Maps the number of a question to what goes wrong: nothing (""), "503", "lost" (taken, but the answer does not arrive)
or "refused".
"""


@dataclass
class SmsService:
    """Takes each `id` once: a question that comes again gets the first answer."""

    failing: Failing = lambda number: ""
    asked: int = 0
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    repeated: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, content: dict[str, Any]) -> tuple[int, dict[str, str]]:
        """Status 0 means that no answer arrives."""
        with self.lock:
            self.asked += 1
            wrong = self.failing(self.asked)
            if wrong == "503":
                return 503, {"code": "busy"}
            if wrong == "refused":
                return 422, {"code": "template.unknown"}
            key = str(content["id"])
            if key in self.taken:
                self.repeated += 1
            else:
                self.taken[key] = content
                self.order.append(key)
            return (0, {}) if wrong == "lost" else (200, {"message_id": f"sms-{key}"})


def server_of(service: SmsService, *, port: int = 0) -> ThreadingHTTPServer:
    class Handler(KeptAnswering):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length) if 0 < length <= MOST else b""
            headers = {name: self.headers.get(name, "") for name in (KEY_HEADER, TIMESTAMP, NONCE, SIGNATURE)}
            if self.path != "/messages" or not is_signed(headers, body, key=KEY, secret=SECRET):
                self._answer(401, {"code": "signature.wrong"})
                return
            status, content = service.answer(json.loads(body))
            if status:
                self._answer(status, content)
            else:
                self.close_connection = True

        def _answer(self, status: int, content: dict[str, str]) -> None:
            self.reply(status, "application/json", json.dumps(content).encode())

    return http_server(Handler, port=port)


@contextmanager
def demo_sms_service(service: SmsService) -> Iterator[str]:
    """Serves on loopback as long as the block runs, and gives the address."""
    with serving(server_of(service)) as port:
        yield f"http://127.0.0.1:{port}"


if __name__ == "__main__":
    server_of(SmsService(), port=int(sys.argv[1])).serve_forever()
