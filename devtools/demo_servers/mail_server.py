"""Takes e-mail by SMTP (RFC 5321) for tests and trials, and keeps it in memory; it relays nothing."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from .loopback import serving

LONGEST_LINE = 4096

Failing = Callable[[int, str], str]
"""Maps the number of a message and its receiver to the line by which it is refused ("" takes it)."""


@dataclass
class MailBox:
    """Holds what arrived, in its order."""

    failing: Failing = lambda number, receiver: ""
    asked: int = 0
    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refusal(self, receiver: str) -> str:
        with self.lock:
            self.asked += 1
            return self.failing(self.asked, receiver)

    def take(self, receiver: str, content: bytes) -> None:
        with self.lock:
            self.received.append((receiver, message_from_bytes(content, policy=policy.default)))


class _Handler(socketserver.StreamRequestHandler):
    receiver = ""

    @property
    def _box(self) -> MailBox:
        box: MailBox = self.server.box  # type: ignore[attr-defined]  # `mail_server` put it there
        return box

    def handle(self) -> None:
        self._say("220 demonstration")
        while line := self.rfile.readline(LONGEST_LINE):
            verb, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            if verb.upper() == "QUIT":
                self._say("221 bye")
                return
            self._answer(verb.upper(), rest)

    def _answer(self, verb: str, rest: str) -> None:
        if verb == "RCPT":
            self.receiver = rest.partition(":")[2].strip().strip("<>")
            self._say(self._box.refusal(self.receiver) or "250 ok")
        elif verb == "DATA":
            self._say("354 go on")
            self._box.take(self.receiver, self._data())
            self._say("250 taken")
        elif verb in ("EHLO", "HELO", "MAIL", "RSET", "NOOP"):
            self._say("250 ok")
        else:
            self._say("502 not known here")

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline(LONGEST_LINE)) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(box: MailBox) -> Iterator[int]:
    """Serves on loopback as long as the block runs, and gives the port."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.box = box  # type: ignore[attr-defined]  # the handlers find it there
    with serving(server) as port:
        yield port
