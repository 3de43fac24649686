"""Makes the signature that a kiosk puts on each request."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time

from .keys import Key

VERSION = "JXCLOUD-KIOSK-1"


def signed_headers(key: Key, method: str, path: str, body: bytes) -> dict[str, str]:
    """Makes new headers for every attempt, because time and nonce count once."""
    timestamp, nonce = str(int(time.time())), secrets.token_urlsafe(24)
    lines = [VERSION, key.key_id, method, path, timestamp, nonce, hashlib.sha256(body).hexdigest()]
    return {
        "X-Kiosk-Key": key.key_id,
        "X-Kiosk-Timestamp": timestamp,
        "X-Kiosk-Nonce": nonce,
        "X-Kiosk-Signature": base64.b64encode(key.private.sign("\n".join(lines).encode())).decode("ascii"),
    }
