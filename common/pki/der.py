"""Writes DER and CMS from fixed bytes, since only digest, signature and time vary.

Building the same structures from objects of an ASN.1 library takes five times as long as the signature itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from asn1crypto.core import Integer, ObjectIdentifier
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

INTEGER_1 = b"\x02\x01\x01"
INTEGER_3 = b"\x02\x01\x03"
NULL = b"\x05\x00"


def tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = len(content)
    if length < 128:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    return tlv(0x31, *sorted(parts))


def octets(content: bytes) -> bytes:
    return tlv(0x04, content)


def integer(value: int) -> bytes:
    return bytes(Integer(value).dump())


def oid(dotted: str) -> bytes:
    return bytes(ObjectIdentifier(dotted).dump())


def certificate_der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"))
SHA256_WITH_RSA = sequence(oid("1.2.840.113549.1.1.11"), NULL)
ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"))

DATA = oid("1.2.840.113549.1.7.1")
SIGNED_DATA = oid("1.2.840.113549.1.7.2")
TST_INFO = oid("1.2.840.113549.1.9.16.1.4")

CONTENT_TYPE = oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE_V2 = oid("1.2.840.113549.1.9.16.2.47")
ALGORITHM_PROTECTION = oid("1.2.840.113549.1.9.52")
TIME_STAMP_TOKEN = oid("1.2.840.113549.1.9.16.2.14")


class SigningKey(Protocol):
    """Signs with a private key in a file or on a token (`token_key`), always with SHA-256."""

    @property
    def algorithm(self) -> bytes:
        """Answers the AlgorithmIdentifier of its signatures."""

    def sign(self, data: bytes) -> bytes: ...

    def belongs_to(self, certificate: x509.Certificate) -> bool: ...


class MemoryKey:
    """Holds the key in this process."""

    def __init__(self, key: object) -> None:
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            # Ed25519 signatures in PDF are refused by poppler and by openssl.
            raise ValueError("neither an RSA nor an elliptic curve key")
        self._key = key
        self.algorithm = SHA256_WITH_RSA if isinstance(key, rsa.RSAPrivateKey) else ECDSA_WITH_SHA256

    def sign(self, data: bytes) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))

    def belongs_to(self, certificate: x509.Certificate) -> bool:
        return self._key.public_key() == certificate.public_key()


class FileKey(MemoryKey):
    """Reads an unencrypted PEM file once."""

    def __init__(self, path: Path) -> None:
        super().__init__(serialization.load_pem_private_key(path.read_bytes(), None))


def verify_signature(
    certificate: x509.Certificate, signature: bytes, data: bytes, algorithm: hashes.HashAlgorithm
) -> None:
    """Raises `InvalidSignature`, or `ValueError` for a key that is neither RSA nor elliptic curve."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(algorithm))
    else:
        raise ValueError("neither an RSA nor an elliptic curve key")


@dataclass(frozen=True)
class SignedData:
    """Makes CMS SignedData (RFC 5652) with one signer from parts that do not change between documents."""

    signer: x509.Certificate
    algorithm: bytes
    certificates: tuple[x509.Certificate, ...]
    version: bytes = INTEGER_1

    def attributes(self, digest: bytes, *, content_type: bytes = DATA) -> bytes:
        """CAdES requires the certificate's hash among the signed attributes, and PAdES allows no signing time."""
        certificate_hash = hashlib.sha256(certificate_der(self.signer)).digest()
        issuer_name = sequence(tlv(0xA4, self.signer.issuer.public_bytes()))
        certificate_id = sequence(octets(certificate_hash), sequence(issuer_name, integer(self.signer.serial_number)))
        algorithm = tlv(0xA1, self.algorithm[2:])
        return b"".join(
            sorted(
                [
                    sequence(CONTENT_TYPE, set_of(content_type)),
                    sequence(MESSAGE_DIGEST, set_of(octets(digest))),
                    sequence(SIGNING_CERTIFICATE_V2, set_of(sequence(sequence(certificate_id)))),
                    sequence(ALGORITHM_PROTECTION, set_of(sequence(SHA256, algorithm))),
                ]
            )
        )

    def encode(
        self, attributes: bytes, signature: bytes, *, token: bytes = b"", content: bytes = sequence(DATA)
    ) -> bytes:
        unsigned = tlv(0xA1, sequence(TIME_STAMP_TOKEN, set_of(token))) if token else b""
        signer_info = sequence(
            INTEGER_1,
            sequence(self.signer.issuer.public_bytes(), integer(self.signer.serial_number)),
            SHA256,
            tlv(0xA0, attributes),
            self.algorithm,
            octets(signature),
            unsigned,
        )
        certificates = tlv(0xA0, *sorted(certificate_der(item) for item in self.certificates))
        body = sequence(self.version, set_of(SHA256), content, certificates, set_of(signer_info))
        return sequence(SIGNED_DATA, tlv(0xA0, body))


def attributes_to_sign(attributes: bytes) -> bytes:
    """Attributes are signed as SET OF, though they are stored with an implicit tag (RFC 5652 §5.4)."""
    return tlv(0x31, attributes)
