from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from certificates.ecert.timestamp import MAX_RESPONSE, HttpTimestamper, TimestampError, read_token
from devtools.demo_keys import pki as demo_pki
from devtools.demo_keys.pki import ECERT_ROOT, TSA, DemoPki, load_certificate
from devtools.demo_servers.time_stamping import DemoTsa
from tests.certificates.ecert.signed_files import write


@contextmanager
def server(answer: Callable[[bytes], bytes], status: int = 200) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/"
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def test_stamp_names_time_and_signer(pki: DemoPki, tsa_url: str) -> None:
    before = datetime.now(UTC).replace(microsecond=0)  # a stamp counts whole seconds
    stamp = HttpTimestamper(tsa_url).stamp(b"content")
    assert before <= stamp.time <= datetime.now(UTC)
    assert stamp.signer == load_certificate(pki.tsa_certificate)
    assert read_token(stamp.token, b"content") == stamp


def test_openssl_accepts_the_demo_servers_answer(pki: DemoPki, tmp_path: Path) -> None:
    data = write(tmp_path / "data", b"content")
    query, reply = tmp_path / "query", tmp_path / "reply"
    subprocess.run(
        ["openssl", "ts", "-query", "-data", data, "-sha256", "-cert", "-out", query], check=True, capture_output=True
    )
    write(reply, DemoTsa(pki.tsa_certificate, pki.tsa_key).answer(query.read_bytes()))
    subprocess.run(
        ["openssl", "ts", "-verify", "-queryfile", query, "-in", reply, "-CAfile", pki.root],
        check=True,
        capture_output=True,
    )


def test_stamp_of_something_else_is_refused(tsa_url: str) -> None:
    stamp = HttpTimestamper(tsa_url).stamp(b"content")
    with pytest.raises(TimestampError, match="something else"):
        read_token(stamp.token, b"other content")


def test_changed_token_is_refused(tsa_url: str) -> None:
    token = bytearray(HttpTimestamper(tsa_url).stamp(b"content").token)
    year = token.index(datetime.now(UTC).strftime("%Y%m%d").encode())
    token[year + 3] ^= 1
    with pytest.raises(TimestampError):
        read_token(bytes(token), b"content")
    with pytest.raises(TimestampError, match="damaged"):
        read_token(b"0\x03garbage", b"content")


def test_answer_to_another_request_is_refused(pki: DemoPki) -> None:
    tsa = DemoTsa(pki.tsa_certificate, pki.tsa_key)
    first: list[bytes] = []

    def replay(request: bytes) -> bytes:
        first.append(request)
        return tsa.answer(first[0])

    with server(replay) as url:
        HttpTimestamper(url).stamp(b"content")
        with pytest.raises(TimestampError, match="another request"):
            HttpTimestamper(url).stamp(b"content")


def test_certificate_for_another_purpose_makes_no_stamps(own_pki: DemoPki) -> None:
    answer = DemoTsa(own_pki.signer_certificate, own_pki.signer_key).answer
    with server(answer) as url, pytest.raises(TimestampError, match="not meant for time-stamps"):
        HttpTimestamper(url).stamp(b"content")


def test_certificate_put_in_place_of_the_signing_one_is_refused(own_pki: DemoPki) -> None:
    """Same key and serial number, other certificate: the token names the hash of the one it was made with."""
    tsa = DemoTsa(own_pki.tsa_certificate, own_pki.tsa_key)
    original = load_certificate(own_pki.tsa_certificate)
    usages = demo_pki.x509.ExtendedKeyUsage([demo_pki.ExtendedKeyUsageOID.TIME_STAMPING])
    twin = own_pki.authority(ECERT_ROOT).issue(
        original.subject,
        demo_pki.load_key(own_pki.path(f"{TSA}.key")).public_key(),
        [(usages, True)],
        not_after=datetime.now(UTC) + timedelta(days=1),
        serial=original.serial_number,
    )
    tsa._with_certificate = type(tsa._with_certificate)(
        original, tsa._key.algorithm, (twin,), version=tsa._with_certificate.version
    )
    with server(tsa.answer) as url, pytest.raises(TimestampError, match="another certificate"):
        HttpTimestamper(url).stamp(b"content")


@pytest.mark.parametrize(
    ("reply", "status", "reason"),
    [
        (b"", 200, "not a time-stamp"),
        (b"<html>", 200, "not a time-stamp"),
        (bytes.fromhex("30053003020102"), 200, "refused: rejection"),
        (b"busy", 503, "does not answer"),
        (bytes(MAX_RESPONSE + 1), 200, "too long"),
    ],
    ids=["empty", "page", "rejection", "error", "endless"],
)
def test_useless_answer_is_refused(reply: bytes, status: int, reason: str) -> None:
    with server(lambda request: reply, status) as url, pytest.raises(TimestampError, match=reason):
        HttpTimestamper(url).stamp(b"content")


def test_only_web_addresses_are_asked() -> None:
    with pytest.raises(ValueError, match="http"):
        HttpTimestamper("file:///etc/passwd")
