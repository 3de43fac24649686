"""The bounded HTTP client, tried on real servers on this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from common.web.bounded import HttpFailed, HttpTooLong
from common.web.http import Partner, get, post
from common.web.kept_connections import KeptConnections
from tests.ports import closed_port


@contextmanager
def server(*answers: Callable[[socket.socket, bytes], None]) -> Iterator[tuple[str, list[bytes]]]:
    """Serves one connection per answer; yields its address and the questions that came."""
    listener = socket.create_server(("127.0.0.1", 0))
    questions: list[bytes] = []

    def serve() -> None:
        for answer in answers:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(60)
                question = b""
                while b"\r\n\r\n" not in question and (piece := connection.recv(65536)):
                    question += piece
                questions.append(question)
                try:
                    answer(connection, question)
                except OSError:
                    continue  # the client hung up, as it should

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", questions
    finally:
        # Closed alone, it would leave the thread waiting for a visitor.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=60)


def plain(body: bytes, status: str = "200 OK", *headers: str) -> Callable[[socket.socket, bytes], None]:
    def answer(connection: socket.socket, _: bytes) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    return answer


def drip(head: bytes) -> Callable[[socket.socket, bytes], None]:
    """Sends a start, and then a byte every tenth of a second for two minutes."""

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        for _number in range(1200):
            time.sleep(0.1)
            connection.sendall(b"x")

    return answer


def test_an_answer_comes_with_status_headers_and_body() -> None:
    with server(plain(b"hello", "200 OK", "X-Kind: test")) as (url, questions):
        answer = get(url, timeout=60, most=5, headers={"Authorization": "Bearer key"})
    assert (answer.status, answer.headers["X-Kind"], answer.body) == (200, "test", b"hello")
    assert questions[0].startswith(b"GET / ")
    assert b"Authorization: Bearer key" in questions[0]


def test_a_refusal_is_an_answer_too() -> None:
    with server(plain(b"unknown", "404 Not Found")) as (url, _):
        answer = post(url, b"{}", timeout=60, most=100, headers={"Content-Type": "application/json"})
    assert (answer.status, answer.body) == (404, b"unknown")


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
def test_a_huge_answer_is_not_read(status: str) -> None:
    with server(plain(bytes(1_000_000), status)) as (url, _), pytest.raises(HttpTooLong, match="too long"):
        get(url, timeout=60, most=64 * 1024)


def test_an_answer_without_end_is_not_read() -> None:
    def endless(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(bytes(65536))

    with server(endless) as (url, _), pytest.raises(HttpTooLong):
        get(url, timeout=60, most=1_000_000)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
    ids=["status line", "header", "body", "body of unknown length"],
)
def test_a_dripping_answer_ends_in_time(head: bytes) -> None:
    started = time.monotonic()
    with server(drip(head)) as (url, _), pytest.raises(HttpFailed):
        get(url, timeout=0.5, most=1_000_000)
    assert time.monotonic() - started < 60


def test_a_silent_server_ends_in_time() -> None:
    started, is_asked_enough = time.monotonic(), threading.Event()
    with server(lambda *_: is_asked_enough.wait(120)) as (url, _):
        with pytest.raises(HttpFailed):
            get(url, timeout=0.3, most=100)
        is_asked_enough.set()
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    "sent",
    [b"", b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", b"SSH-2.0-OpenSSH\r\n", bytes(500)],
    ids=["nothing", "half a line", "half a body", "another protocol", "zeros"],
)
def test_a_server_that_closes_early_or_speaks_otherwise_gives_no_answer(sent: bytes) -> None:
    with (
        server(lambda connection, _: connection.sendall(sent)) as (url, _),
        pytest.raises(HttpFailed, match="no answer"),
    ):
        get(url, timeout=60, most=1000)


def test_nobody_there_gives_no_answer() -> None:
    with closed_port() as port, pytest.raises(HttpFailed, match="no answer") as failed:
        get(f"http://127.0.0.1:{port}/secret", timeout=60, most=10)
    assert "secret" not in str(failed.value)


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "ftp://127.0.0.1/", "//127.0.0.1/", "", "http://", "http://[", "http://a b/", "x"]
)
def test_other_addresses_are_not_asked(url: str) -> None:
    with pytest.raises(HttpFailed, match="neither http nor https"):
        get(url, timeout=60, most=10)


def test_a_redirect_is_an_answer_unless_it_is_allowed() -> None:
    moved = plain(b"", "302 Found", "Location: /there")
    with server(moved) as (url, _):
        assert get(url, timeout=60, most=10).status == 302
    with server(moved, plain(b"there")) as (url, questions):
        assert get(url, timeout=60, most=10, redirects=True).body == b"there"
    assert questions[1].startswith(b"GET /there ")


@pytest.mark.parametrize("place", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:text/plain,x"])
def test_no_redirect_leads_to_another_scheme(place: str) -> None:
    with server(plain(b"", "302 Found", f"Location: {place}")) as (url, _):
        try:
            answer = get(url, timeout=60, most=1000, redirects=True)
        except HttpFailed:
            return
    assert (answer.status, answer.body) == (302, b"")


def test_what_is_posted_is_sent_nowhere_else() -> None:
    with server(plain(b"", "307 Temporary Redirect", "Location: /there"), plain(b"x")) as (url, questions):
        assert post(url, b"secret", timeout=60, most=10, headers={}).status == 307
        assert len(questions) == 1


# --- kept connections ---


def rest_of(connection: socket.socket, question: bytes) -> bytes:
    """Reads on until the body is there, which comes in a piece of its own."""
    while b"\r\n\r\n" not in question or not question.endswith(b"question"):
        piece = connection.recv(65536)
        if not piece:
            break
        question += piece
    return question


def several(*bodies: bytes) -> Callable[[socket.socket, bytes], None]:
    """Answers one question after another by the same connection, and then closes it without a word."""

    def answer(connection: socket.socket, question: bytes) -> None:
        for body in bodies:
            if not rest_of(connection, question):
                return
            question = b""
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    return answer


def ask(kept: KeptConnections, url: str, *, timeout: float = 60, most: int = 100) -> bytes:
    return kept.post(f"{url}stamp?v=1", b"question", timeout=timeout, most=most, headers={"X-Kind": "test"}).body


@pytest.fixture
def kept() -> Iterator[KeptConnections]:
    connections = KeptConnections(otherwise=post)
    yield connections
    connections.close()


def test_questions_in_a_row_go_by_one_connection(kept: KeptConnections) -> None:
    with server(several(b"one", b"two", b"three")) as (url, questions):
        assert [ask(kept, url) for _ in range(3)] == [b"one", b"two", b"three"]
    assert len(questions) == 1
    assert questions[0].startswith(b"POST /stamp?v=1 ")
    assert b"X-Kind: test" in questions[0]


def test_a_connection_that_was_closed_meanwhile_is_replaced(kept: KeptConnections) -> None:
    with server(several(b"one"), several(b"two"), plain(b"three"), plain(b"four")) as (url, questions):
        # The third answer says that it closes, so that the fourth question has a new connection at once.
        assert [ask(kept, url) for _ in range(4)] == [b"one", b"two", b"three", b"four"]
    assert len(questions) == 4


def test_one_that_was_idle_for_long_is_not_used_again(kept: KeptConnections) -> None:
    with server(several(b"one", b"never asked"), several(b"two")) as (url, questions):
        kept.IDLE_SECONDS = 0.0
        assert [ask(kept, url), ask(kept, url)] == [b"one", b"two"]
    assert len(questions) == 2


def test_a_kept_connection_has_the_same_bounds(kept: KeptConnections) -> None:
    with server(several(b"one", b"x" * 101), several(b"two"), drip(b"HTTP/1.1 200 OK\r\n\r\n")) as (url, _):
        assert ask(kept, url) == b"one"
        with pytest.raises(HttpTooLong):
            ask(kept, url)
        # What was left unread belongs to no other question.
        assert ask(kept, url) == b"two"
        with pytest.raises(HttpFailed, match="too long"):
            ask(kept, url, timeout=0.5)


def test_a_server_that_is_gone_gives_no_answer(kept: KeptConnections) -> None:
    with server(several(b"one")) as (url, _):
        assert ask(kept, url) == b"one"
    with pytest.raises(HttpFailed, match="no answer"):
        ask(kept, url)
    with pytest.raises(HttpFailed, match="neither http"):
        ask(kept, "file:///etc/")


def test_a_partner_keeps_its_connection() -> None:
    with server(several(b"one", b"two")) as (url, questions):
        partner = Partner("one of a test")
        for body in (b"one", b"two"):
            assert partner.post_again(url, b"question", timeout=60, most=10, headers={}).body == body
    assert len(questions) == 1
    partner.forget()
