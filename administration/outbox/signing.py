"""Signs what goes to the SMS service and checks what comes from it: HMAC-SHA256 over timestamp, nonce and body.

    <X-Jxcloud-Timestamp: seconds since 1970>
    <X-Jxcloud-Nonce: 16 to 64 letters, digits, - or _>
    <body>

The three are joined by line feeds; `X-Jxcloud-Signature` is the result in hexadecimal. docs/messages.md has examples.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections.abc import Mapping

KEY = "X-Jxcloud-Key"
TIMESTAMP = "X-Jxcloud-Timestamp"
NONCE = "X-Jxcloud-Nonce"
SIGNATURE = "X-Jxcloud-Signature"
CLOCKS_APART = 300
"""The unit is seconds by which a signed message may be older or newer than our clock says."""
_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[0-9A-Za-z_-]{16,64}")


def signature_of(secret: str, timestamp: str, nonce: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), f"{timestamp}\n{nonce}\n".encode() + body, "sha256").hex()


def signed_headers(key: str, secret: str, body: bytes, *, at: float | None = None) -> dict[str, str]:
    timestamp, nonce = str(int(time.time() if at is None else at)), secrets.token_urlsafe(18)
    return {
        KEY: key,
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: signature_of(secret, timestamp, nonce, body),
    }


def is_signed(headers: Mapping[str, str], body: bytes, *, key: str, secret: str, at: float | None = None) -> bool:
    """Without a secret nothing counts as signed."""
    timestamp, nonce = headers.get(TIMESTAMP, ""), headers.get(NONCE, "")
    if not secret or not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        return False
    if abs((time.time() if at is None else at) - int(timestamp)) > CLOCKS_APART:
        return False
    expected = signature_of(secret, timestamp, nonce, body)
    given = headers.get(SIGNATURE, "")
    return hmac.compare_digest(expected.encode(), given.encode()) and hmac.compare_digest(
        headers.get(KEY, "").encode(), key.encode()
    )
