"""A visitor who keeps cookies, fills in the forms of a page and trusts one root. Goes to loopback whatever the host name."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

Values = Mapping[str, str | Sequence[str]]
Files = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    path: str

    @property
    def text(self) -> str:
        return unescape(self.body.decode())

    def find(self, pattern: str) -> str:
        found = re.search(pattern, self.text, re.DOTALL)
        assert found is not None, f"{pattern} is not on {self.path} ({self.status}):\n{_words(self.text)}"
        return found[1]


class _Connection(http.client.HTTPSConnection):
    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=120, context=context)
        self._trust = context

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)


class Visitor:
    def __init__(self, host: str, port: int, root: Path) -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}
        self._trust = ssl.create_default_context(cafile=str(root))

    def get(self, path: str, *, follow: bool = True, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", path, None, dict(headers or {}), follow)

    def post(self, path: str, values: Values, files: Files | None = None, *, page: str = "") -> Answer:
        """With the token of the form on `page`, by default the address itself."""
        token = self.get(page or path).find(r'name="csrfmiddlewaretoken" value="([^"]+)"')
        fields = {"csrfmiddlewaretoken": token, **values}
        if files:
            body, kind = _multipart(fields, files)
        else:
            body, kind = urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, "Referer": f"https://{self.host}{page or path}"}
        return self._ask("POST", path, body, headers, True)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str], follow: bool) -> Answer:
        if self.cookies:
            headers = {**headers, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        connection = _Connection(self.host, self.port, self._trust)
        try:
            connection.request(method, path, body, {"Host": self.host, **headers})
            reply = connection.getresponse()
            answer = Answer(reply.status, reply.headers, reply.read(), path)
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: cookie.value for name, cookie in SimpleCookie(line).items()}
        if follow and answer.status in (301, 302, 303):
            target = urlsplit(urljoin(f"https://{self.host}{path}", answer.headers["Location"]))
            assert target.netloc == self.host
            return self._ask("GET", f"{target.path}{'?' if target.query else ''}{target.query}", None, {}, True)
        return answer


def _multipart(fields: Values, files: Files) -> tuple[bytes, str]:
    mark = uuid.uuid4().hex
    parts = []
    for name, value in fields.items():
        for one in [value] if isinstance(value, str) else value:
            parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{one}'.encode())
    for name, (file_name, content) in files.items():
        head = (
            f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"\r\nContent-Type: image/jpeg\r\n\r\n'
        )
        parts.append(head.encode() + content)
    body = b"".join(b"--" + mark.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def _words(page: str) -> str:
    main = page[page.find("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))[:2000]
