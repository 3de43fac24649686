"""Encrypts data at rest (AES-256-GCM) and makes keyed blind indexes for equality search.

Settings: `FIELD_ENCRYPTION_KEYS` are base64 (either alphabet) of 32 bytes each; the first encrypts and all decrypt,
so a key is rotated by putting a new one in front. `BLIND_INDEX_KEY` is base64 of 32 bytes or more; after a change
every index has to be computed anew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_MAGIC = b"JXE1"
_KEY_ID_SIZE = 4
_NONCE_SIZE = 12
_TAG_SIZE = 16
OVERHEAD = len(_MAGIC) + _KEY_ID_SIZE + _NONCE_SIZE + _TAG_SIZE
"""The unit is bytes that encryption adds."""


class DecryptionError(Exception):
    """The content is not our ciphertext, was changed, or was encrypted with a key that is no longer configured."""


@dataclass(frozen=True)
class _KeyRing:
    active_id: bytes
    ciphers: dict[bytes, AESGCM]


def encrypt_bytes(content: bytes) -> bytes:
    ring = _key_ring(tuple(settings.FIELD_ENCRYPTION_KEYS))
    header = _MAGIC + ring.active_id
    nonce = os.urandom(_NONCE_SIZE)
    # The header is authenticated too, so that a key id cannot be exchanged.
    return header + nonce + ring.ciphers[ring.active_id].encrypt(nonce, content, header)


def decrypt_bytes(content: bytes) -> bytes:
    """Raises DecryptionError."""
    if not content.startswith(_MAGIC) or len(content) < OVERHEAD:
        raise DecryptionError("this content was not encrypted here")
    header, rest = content[: len(_MAGIC) + _KEY_ID_SIZE], content[len(_MAGIC) + _KEY_ID_SIZE :]
    key_id = header[len(_MAGIC) :]
    cipher = _key_ring(tuple(settings.FIELD_ENCRYPTION_KEYS)).ciphers.get(key_id)
    if cipher is None:
        raise DecryptionError(f"no key {key_id.hex()} in FIELD_ENCRYPTION_KEYS")
    try:
        return cipher.decrypt(rest[:_NONCE_SIZE], rest[_NONCE_SIZE:], header)
    except InvalidTag as error:
        raise DecryptionError("the encrypted content was changed") from error


def encrypt_text(text: str) -> str:
    return base64.urlsafe_b64encode(encrypt_bytes(text.encode())).decode("ascii")


def decrypt_text(token: str) -> str:
    """Raises DecryptionError."""
    try:
        content = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise DecryptionError("this text was not encrypted here") from error
    return decrypt_bytes(content).decode()


def blind_index(value: str, purpose: str) -> str:
    """Answers 64 hex digits: equal for equal values of one purpose, unrelated between purposes. The caller normalises
    the value.
    """
    key = _index_key(settings.BLIND_INDEX_KEY)
    return hmac.digest(key, f"{purpose}\0{value}".encode(), "sha256").hex()


@lru_cache(maxsize=4)
def _key_ring(keys: tuple[str, ...]) -> _KeyRing:
    ids: list[bytes] = []
    ciphers: dict[bytes, AESGCM] = {}
    for text in keys:
        key = _decoded(text, "FIELD_ENCRYPTION_KEYS")
        if len(key) != 32:
            raise ImproperlyConfigured("each of FIELD_ENCRYPTION_KEYS must be base64 of 32 bytes")
        ids.append(hashlib.sha256(b"field encryption key id" + key).digest()[:_KEY_ID_SIZE])
        ciphers[ids[-1]] = AESGCM(key)
    if not ids:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty: nothing can be stored encrypted")
    return _KeyRing(ids[0], ciphers)


@lru_cache(maxsize=4)
def _index_key(text: str) -> bytes:
    key = _decoded(text, "BLIND_INDEX_KEY")
    if len(key) < 32:
        raise ImproperlyConfigured("BLIND_INDEX_KEY must be base64 of at least 32 bytes")
    return key


def _decoded(text: str, setting: str) -> bytes:
    try:
        return base64.b64decode(text.replace("+", "-").replace("/", "_"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured(f"{setting} is not base64") from error
