"""Signs an e-certificate: PAdES, certified against every change, one revision that carries its own proof.

Every file that leaves this module is signed; otherwise it raises `SigningUnavailable`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from common.pki.der import FileKey, SignedData, SigningKey, attributes_to_sign, certificate_der, verify_signature
from common.pki.token_key import SCHEME, TokenAddress, TokenError, TokenKey
from common.pki.x509_chain import (
    CLOCK_TOLERANCE,
    ChainProblem,
    check_chain,
    extension_of,
    file_stamps,
    load_certificates,
    load_crls,
    paths_of,
)

from .signed_revision import Statement, UnexpectedFile, prepare
from .timestamp import HttpTimestamper, Timestamp, TimestampError

CHINA = ZoneInfo("Asia/Shanghai")
BYTES_RESERVED = 16384
"""The unit is hexadecimal digits: at most 8 KB for signature, certificates and time-stamp, of which 5 KB is the most seen."""

_SPARE_DIGITS = 128
"""The length of a signature and of a time-stamp varies by some bytes."""
BYTE_RANGE = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]")

PROBLEMS = {
    ChainProblem.FOREIGN_ISSUER: "does not lead to the configured root",
    ChainProblem.NOT_YET_VALID: "is not yet valid",
    ChainProblem.EXPIRED: "has expired",
    ChainProblem.REVOKED: "is revoked",
    ChainProblem.NO_REVOCATION_LIST: "has no revocation list",
    ChainProblem.STALE_REVOCATION_LIST: "has an outdated revocation list",
    ChainProblem.UNKNOWN_CRITICAL_EXTENSION: "has a critical extension that is not understood",
}


class SigningUnavailable(Exception):
    """Nothing can be signed now; the message names the cause, for the operator. A later attempt may succeed."""


@dataclass(frozen=True)
class SigningConfig:
    key: Path | TokenAddress | None
    certificate: Path | None
    chain: tuple[Path, ...]
    roots: tuple[Path, ...]
    crls: tuple[Path, ...]
    tsa_url: str = ""

    @classmethod
    def from_settings(cls) -> SigningConfig:
        return cls(
            key=_key_of(settings.ECERT_SIGNER_KEY),
            certificate=next(iter(paths_of(settings.ECERT_SIGNER_CERT)), None),
            chain=paths_of(settings.ECERT_CHAIN),
            roots=paths_of(settings.ECERT_ROOT),
            crls=paths_of(settings.ECERT_CRLS),
            tsa_url=settings.ECERT_TSA_URL,
        )


def _key_of(setting: str | Path) -> Path | TokenAddress | None:
    """Answers a PEM file, or a token by its PKCS#11 address."""
    if not str(setting).startswith(SCHEME):
        return next(iter(paths_of(setting)), None)
    try:
        return TokenAddress.parse(str(setting))
    except ValueError as error:
        raise SigningUnavailable(f"ECERT_SIGNER_KEY: {error}") from error


class PdfSigner:
    """Holds key and certificates of one configuration; one instance serves many documents, also in threads."""

    _token_size = 0
    """The unit is bytes: so long was the last time-stamp."""

    def __init__(self, config: SigningConfig) -> None:
        self._config = config
        if config.key is None or config.certificate is None:
            raise SigningUnavailable("ECERT_SIGNER_KEY and ECERT_SIGNER_CERT are not set")
        try:
            self._key: SigningKey = (
                TokenKey(config.key) if isinstance(config.key, TokenAddress) else FileKey(config.key)
            )
            certificates = load_certificates(config.certificate)
        except (OSError, ValueError, TypeError, TokenError) as error:
            raise SigningUnavailable(f"the key or its certificate cannot be read: {error}") from error
        if not certificates:
            raise SigningUnavailable("ECERT_SIGNER_CERT holds no certificate")
        self.certificate = certificates[0]
        try:
            is_ours = self._key.belongs_to(self.certificate)
        except TokenError as error:
            raise SigningUnavailable(str(error)) from error
        if not is_ours:
            raise SigningUnavailable("the key does not belong to the certificate")
        usage = extension_of(self.certificate, x509.KeyUsage)
        if usage is not None and not (usage.content_commitment or usage.digital_signature):
            raise SigningUnavailable("the certificate is not meant for signing")
        path = self._checked_path(datetime.now(UTC))
        self._signed_data = SignedData(self.certificate, self._key.algorithm, path[:-1])
        self._tsa_path: tuple[x509.Certificate, ...] = ()
        self._timestamper = HttpTimestamper(config.tsa_url) if config.tsa_url else None

    def sign(
        self,
        pdf: bytes,
        *,
        reason: str,
        location: str,
        field_name: str = "Seal",
        name: str = "",
    ) -> bytes:
        """Answers the signed file, which has been checked.

        Viewers show `reason`, `location` and `name`. Raises `SigningUnavailable`.
        """
        now = datetime.now(UTC)
        path = self._checked_path(now)
        statement = Statement(now.astimezone(CHINA), reason, location, name, field_name)
        certificates, crls = self._validation_data(path, now)
        for room in dict.fromkeys((self._room_needed(), BYTES_RESERVED)):
            try:
                prepared = prepare(pdf, statement, room=room, certificates=certificates, crls=crls)
            except UnexpectedFile as error:
                raise SigningUnavailable(str(error)) from error
            cms_bytes = self._cms(prepared.digest, now)
            if 2 * len(cms_bytes) <= room:
                signed = prepared.signed(cms_bytes)
                self._check(signed, len(pdf))
                return signed
        raise SigningUnavailable("the signature does not fit into the file")

    def _room_needed(self) -> int:
        """Answers hexadecimal digits: as many as the longest signature needs with a time-stamp like the last one."""
        key = self.certificate.public_key()
        size = (key.key_size + 7) // 8 if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) else 0
        longest = size if isinstance(key, rsa.RSAPublicKey) else 2 * size + 10
        attributes = self._signed_data.attributes(bytes(hashes.SHA256.digest_size))
        draft = self._signed_data.encode(attributes, bytes(longest), token=bytes(self._token_size))
        return min(2 * len(draft) + _SPARE_DIGITS, BYTES_RESERVED)

    def _cms(self, digest: bytes, now: datetime) -> bytes:
        attributes = self._signed_data.attributes(digest)
        try:
            signature = self._key.sign(attributes_to_sign(attributes))
        except TokenError as error:
            raise SigningUnavailable(str(error)) from error
        token = self._stamp(signature, now).token if self._timestamper is not None else b""
        return self._signed_data.encode(attributes, signature, token=token)

    def _stamp(self, signature: bytes, now: datetime) -> Timestamp:
        if self._timestamper is None:
            raise SigningUnavailable("ECERT_TSA_URL is not set")
        try:
            stamp = self._timestamper.stamp(signature)
        except TimestampError as error:
            raise SigningUnavailable(f"no time-stamp: {error}") from error
        if abs(stamp.time - now) > CLOCK_TOLERANCE:
            raise SigningUnavailable("the clocks of this machine and of the time-stamping server differ")
        self._token_size = len(stamp.token)
        self._tsa_path = self._path_of(stamp.signer, stamp.certificates, now, "the time-stamping certificate")
        return stamp

    def _checked_path(self, now: datetime) -> tuple[x509.Certificate, ...]:
        """It is checked for every document: a list may be outdated, or this very key may have been revoked."""
        return self._path_of(self.certificate, (), now, "the signing certificate")

    def _path_of(
        self, certificate: x509.Certificate, extra: tuple[x509.Certificate, ...], now: datetime, title: str
    ) -> tuple[x509.Certificate, ...]:
        try:
            check = check_chain(
                certificate,
                roots=load_certificates(*self._config.roots),
                intermediates=[*load_certificates(*self._config.chain), *extra],
                crls=load_crls(*self._config.crls),
                now=now,
            )
        except (OSError, ValueError) as error:
            raise SigningUnavailable(f"chain, root or revocation list cannot be read: {error}") from error
        if check.faults:
            causes = ", ".join(
                f"{fault.certificate.subject.rfc4514_string()} {PROBLEMS[fault.problem]}" for fault in check.faults
            )
            raise SigningUnavailable(f"{title}: {causes}")
        return check.path

    def _validation_data(self, path: tuple[x509.Certificate, ...], now: datetime) -> tuple[list[bytes], list[bytes]]:
        """Answers certificates and lists that go into the signed revision; without time-stamps they would serve nobody."""
        if self._timestamper is None:
            return [], []
        if not self._tsa_path:
            self._stamp(b"first use: which certificates does the server have?", now)
        certificates = {certificate_der(item) for item in (*path, *self._tsa_path)}
        return sorted(certificates), [crl.public_bytes(Encoding.DER) for crl in load_crls(*self._config.crls)]

    def _check(self, signed: bytes, drawn: int) -> None:
        """Reads the written file: the range covers it, and the signature is that of our certificate."""
        ranges = BYTE_RANGE.findall(signed, drawn)
        if len(ranges) != 1:
            raise SigningUnavailable("the signed file has no byte range")
        start, end, rest = map(int, ranges[0])
        if end + rest != len(signed) or signed[start] != ord("<") or signed[end - 1] != ord(">"):
            raise SigningUnavailable("the signature does not cover the whole file")
        content = cms.ContentInfo.load(bytes.fromhex(signed[start + 1 : end - 1].decode("ascii")))["content"]
        signer_info = content["signer_infos"][0]
        digest = hashlib.sha256(signed[:start] + signed[end:]).digest()
        attributes = signer_info["signed_attrs"]
        encoded = b"\x31" + attributes.dump()[1:]  # before a value is read, which would encode them anew
        stated = next(item["values"][0].native for item in attributes if item["type"].native == "message_digest")
        try:
            verify_signature(self.certificate, signer_info["signature"].native, encoded, hashes.SHA256())
        except InvalidSignature as error:
            raise SigningUnavailable("the key made a wrong signature") from error
        if stated != digest:
            raise SigningUnavailable("the signature belongs to another content")


def signer_from_settings() -> PdfSigner:
    """Answers the configured signer, kept until a file of its configuration changes. Raises `SigningUnavailable`."""
    config = SigningConfig.from_settings()
    files = [path for path in (config.key, config.certificate) if isinstance(path, Path)]
    try:
        stamps = file_stamps(*files, *config.chain, *config.roots)
    except OSError as error:
        raise SigningUnavailable(f"a file of the configuration is missing: {error}") from error
    return _signer(config, stamps)


@lru_cache(maxsize=4)
def _signer(config: SigningConfig, stamps: tuple[tuple[int, int, int], ...]) -> PdfSigner:
    return PdfSigner(config)
