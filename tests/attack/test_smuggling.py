"""Requests that two programs read in two ways: the web server that we ship answers one of them at most, and closes."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools.ports import free_port
from tests.waiting import wait_until

PROJECT = Path(__file__).parents[2]
HIDDEN = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = b"5\r\nhello\r\n0\r\n\r\n"


def request(*lines: bytes, body: bytes = b"", first: bytes = b"POST /healthz HTTP/1.1") -> bytes:
    return b"\r\n".join([first, b"Host: localhost", *lines, b"", body])


SHAPES = {
    "length and chunks": request(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + HIDDEN),
    "chunks and length": request(b"Transfer-Encoding: chunked", b"Content-Length: 6", body=b"0\r\n\r\nG" + HIDDEN),
    "two lengths": request(b"Content-Length: 0", b"Content-Length: %d" % len(HIDDEN), body=HIDDEN),
    "a list of lengths": request(b"Content-Length: 0, %d" % len(HIDDEN), body=HIDDEN),
    "a length with a sign": request(b"Content-Length: +0", body=HIDDEN),
    "a negative length": request(b"Content-Length: -1", body=HIDDEN),
    "a length in hexadecimal": request(b"Content-Length: 0x0", body=HIDDEN),
    "a blank before the colon": request(b"Content-Length : 0", body=HIDDEN),
    "a folded line": request(b"Content-Length:\r\n 0", body=HIDDEN),
    "a folded encoding": request(b"Transfer-Encoding:\r\n chunked", body=b"0\r\n\r\n" + HIDDEN),
    "an unknown encoding": request(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n" + HIDDEN),
    "two encodings": request(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", body=b"0\r\n\r\n" + HIDDEN),
    "chunks not last": request(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n" + HIDDEN),
    "a tab in the encoding": request(b"Transfer-Encoding:\tchunked\x0b", body=b"0\r\n\r\n" + HIDDEN),
    "a wrong size of a chunk": request(b"Transfer-Encoding: chunked", body=b"zz\r\n" + HIDDEN),
    "a huge size of a chunk": request(b"Transfer-Encoding: chunked", body=b"ffffffffffffffffff\r\n" + HIDDEN),
    "a null in a header": request(b"X-A: a\0b", b"Content-Length: 0", body=b""),
    "a line feed in a header": request(b"X-A: a\nContent-Length: 0", b"Content-Length: %d" % len(HIDDEN), body=HIDDEN),
    "a header without a name": request(b": x", b"Content-Length: 0", body=b""),
    "a hundred kilobytes of header": request(b"X-A: " + b"a" * 100_000, b"Content-Length: 0"),
    "a thousand headers": request(*[b"X-%d: a" % place for place in range(1000)], b"Content-Length: 0"),
    "an address of another host": request(b"Content-Length: 0", first=b"POST http://evil.example/healthz HTTP/1.1"),
    "an unknown version": request(b"Content-Length: 0", first=b"POST /healthz HTTP/9.9"),
    "a method of its own": request(b"Content-Length: 0", first=b"SMUGGLE /healthz HTTP/1.1"),
    "no method": request(b"Content-Length: 0", first=b"/healthz"),
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    number = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(number)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "jxcloud.settings.test"}
    with subprocess.Popen(
        [*command, "--log-level", "error", "jxcloud.wsgi:application"],
        cwd=PROJECT,
        env=environment,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            question = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            wait_until(lambda: answers(number, question), alive=process)
            yield number
        finally:
            process.terminate()


def answers(port: int, sent: bytes, *, patience: float = 2.0) -> list[bytes]:
    """The first line of each answer on one connection, until it is closed or silent."""
    received = b""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(sent)
        connection.settimeout(patience)
        while block := connection.recv(65536):
            received += block
    return [line for line in received.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


@pytest.mark.parametrize("name", SHAPES)
def test_hidden_request_is_not_answered(name: str, port: int) -> None:
    states = [int(line.split()[1]) for line in answers(port, SHAPES[name])]
    assert len(states) <= 1 or (len(states) == 2 and 400 in states), states
    assert 200 not in states[1:], states


def test_server_lives_after_all_of_them(port: int) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert answers(port, asked, patience=60) == [b"HTTP/1.1 200 OK"]
