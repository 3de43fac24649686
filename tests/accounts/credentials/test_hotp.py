"""The test vectors of RFC 4226, appendix D, and RFC 6238, appendix B (SHA-1)."""

from __future__ import annotations

import pytest

from accounts.credentials.hotp import hotp

KEY = b"12345678901234567890"
COUNTED = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]


def test_vectors_of_rfc_4226() -> None:
    assert [hotp(KEY, counter) for counter in range(10)] == COUNTED


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_vectors_of_rfc_6238(seconds: int, code: str) -> None:
    assert hotp(KEY, seconds // 30, digits=8) == code
