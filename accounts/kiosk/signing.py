"""Verifies that a request comes from a machine: Ed25519 over one canonical string.

    JXCLOUD-KIOSK-1
    key id
    method
    path with query, as it stands in the request line
    seconds since 1970
    nonce
    SHA-256 of the body, hexadecimal

The lines are joined by line feeds, without one at the end. `clients/kiosk/signing.py` is the other side; it imports nothing from here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

VERSION = "JXCLOUD-KIOSK-1"


def canonical(*, key_id: str, method: str, path: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    return "\n".join([VERSION, key_id, method, path, timestamp, nonce, hashlib.sha256(body).hexdigest()]).encode()


def is_valid(public_key: str, signature: str, message: bytes) -> bool:
    """`public_key` and `signature` are base64."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def key_id_of(public_key: str) -> str:
    """Raises ValueError unless `public_key` is base64 of an Ed25519 key."""
    raw = base64.b64decode(public_key, validate=True)
    Ed25519PublicKey.from_public_bytes(raw)
    return "k" + hashlib.sha256(raw).hexdigest()[:20]


def make_key_pair() -> tuple[str, str]:
    """Answers private and public key, base64 of 32 bytes each."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    return _text(private.private_bytes_raw()), _text(public.public_bytes_raw())


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
