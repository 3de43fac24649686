"""Implements the algorithm of one-time passwords (RFC 4226), which RFC 6238 uses with time steps."""

from __future__ import annotations

import hmac

DIGITS = 6


def hotp(key: bytes, counter: int, *, digits: int = DIGITS) -> str:
    digest = hmac.digest(key, counter.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)
