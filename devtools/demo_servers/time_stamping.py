"""Answers as a time-stamping server (RFC 3161) for development and tests; its times prove nothing to anybody else."""

from __future__ import annotations

import hashlib
import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import tsp

from common.pki.der import (
    INTEGER_1,
    INTEGER_3,
    TST_INFO,
    FileKey,
    SignedData,
    attributes_to_sign,
    integer,
    octets,
    oid,
    sequence,
    tlv,
)
from devtools.demo_keys.pki import load_certificate

from .loopback import KeptAnswering, http_server, serving

POLICY = oid("1.2.3.4.1")
GRANTED = sequence(b"\x02\x01\x00")
MAX_REQUEST = 4096


class DemoTsa:
    """Answers requests with one certificate and key."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._certificate = load_certificate(certificate)
        self._key = FileKey(key)
        self._with_certificate = SignedData(
            self._certificate, self._key.algorithm, (self._certificate,), version=INTEGER_3
        )
        self._serials = itertools.count(secrets.randbits(64))

    def answer(self, request: bytes) -> bytes:
        parsed = tsp.TimeStampReq.load(request, strict=True)
        nonce = parsed["nonce"].dump() if parsed["nonce"].native is not None else b""
        moment = datetime.now(UTC).strftime("%Y%m%d%H%M%SZ").encode()
        info = sequence(
            INTEGER_1,
            POLICY,
            parsed["message_imprint"].dump(),
            integer(next(self._serials)),
            tlv(0x18, moment),
            sequence(INTEGER_1),  # accuracy: one second
            nonce,
        )
        attributes = self._with_certificate.attributes(hashlib.sha256(info).digest(), content_type=TST_INFO)
        signature = self._key.sign(attributes_to_sign(attributes))
        content = sequence(TST_INFO, tlv(0xA0, octets(info)))
        return sequence(GRANTED, self._with_certificate.encode(attributes, signature, content=content))


@contextmanager
def demo_tsa_server(certificate: Path, key: Path, *, port: int = 0) -> Iterator[str]:
    """Serves on loopback as long as the block runs, and gives the address."""
    tsa = DemoTsa(certificate, key)

    class Handler(KeptAnswering):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            if not 0 < length <= MAX_REQUEST:
                self.send_error(413)
                return
            self.reply(200, "application/timestamp-reply", tsa.answer(self.rfile.read(length)))

    with serving(http_server(Handler, port=port)) as served:
        yield f"http://127.0.0.1:{served}/"
