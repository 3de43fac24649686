"""Verifies SM2 signatures with SM3 (GB/T 32918, GB/T 35276), which the library for all other certificates does not
know.
"""

from __future__ import annotations

from functools import lru_cache

from asn1crypto import core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from gmalg import sm2 as algorithm
from gmalg.base import Hash
from gmalg.errors import GMError

SM2_WITH_SM3 = "1.2.156.10197.1.501"
USER_ID = b"1234567812345678"
"""All certificates use this distinguished id (GB/T 35276 §10)."""

POINT_LENGTH = 65
KEY_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
"""These bytes begin a SubjectPublicKeyInfo for an elliptic curve key on 1.2.156.10197.1.301 with an uncompressed
point.
"""


class _Sm3(Hash):  # type: ignore[misc]  # the library brings no types
    """Uses the implementation of OpenSSL, because the one in Python takes seconds for the revocation list of a large
    authority.
    """

    def __init__(self) -> None:
        self.reset()

    @classmethod
    def hash_length(cls) -> int:
        return 32

    def reset(self) -> None:
        self._state = hashes.Hash(hashes.SM3())

    def update(self, data: bytes) -> None:
        self._state.update(bytes(data))

    def value(self) -> bytes:
        return self._state.copy().finalize()


class _Signature(core.Sequence):  # type: ignore[misc]
    _fields = [("r", core.Integer), ("s", core.Integer)]


def public_point(certificate: x509.Certificate) -> bytes | None:
    """Answers the uncompressed point of an SM2 certificate; None for any other kind of key."""
    parsed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    info: bytes = parsed["tbs_certificate"]["subject_public_key_info"].dump()
    point = info[len(KEY_PREFIX) :]
    return point if info.startswith(KEY_PREFIX) and len(point) == POINT_LENGTH else None


@lru_cache(maxsize=64)
def verify(point: bytes, signature: bytes, data: bytes) -> None:
    """Raises `InvalidSignature`. A valid signature is remembered, since each certificate of a chain takes 36 ms."""
    core_algorithm = algorithm.SM2Core(algorithm._ecdlp, _Sm3())
    try:
        parsed = _Signature.load(signature, strict=True)
        r, s = parsed["r"].native, parsed["s"].native
        public_key = algorithm.bytes_to_point(point)
        if not core_algorithm.verify_pk(public_key) or not core_algorithm.verify(data, r, s, USER_ID, public_key):
            raise InvalidSignature
    except (GMError, ValueError, TypeError, ArithmeticError) as error:
        raise InvalidSignature from error
