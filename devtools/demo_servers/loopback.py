"""Serves on loopback for as long as a block runs: what the demonstration's and the tests' servers share."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answering(BaseHTTPRequestHandler):
    def reply(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Logs nothing, since a line for each question helps nobody."""


class KeptAnswering(Answering):
    """The connection is kept for the next question."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    # Otherwise header and body wait for each other's acknowledgement, 40 ms for each answer.
    disable_nagle_algorithm = True


def http_server(handler: type[BaseHTTPRequestHandler], *, port: int = 0) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    return server


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    """Gives the port; the server ends with the block."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
