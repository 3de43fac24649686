"""Gets and checks time-stamps (RFC 3161), which prove that a signature existed while its certificate was in force."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from common.pki.der import INTEGER_1, SHA256, certificate_der, integer, octets, sequence, verify_signature
from common.pki.x509_chain import extension_of
from common.web import http
from common.web.bounded import HttpFailed, HttpTooLong

DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
RSA_KINDS = {digest: {"rsassa_pkcs1v15", f"{digest}_rsa"} for digest in DIGESTS}
AUTHORITY = http.Partner("time-stamping authority")
MAX_RESPONSE = 64 * 1024
TRUE = b"\x01\x01\xff"


class TimestampError(Exception):
    """There is no usable time-stamp; the message says why, for the operator."""


@dataclass(frozen=True)
class Timestamp:
    """`certificates` came with the token, the signer among them; they are not trusted yet."""

    token: bytes
    time: datetime
    signer: x509.Certificate
    certificates: tuple[x509.Certificate, ...]


class HttpTimestamper:
    """Asks a time-stamping server. The caller checks its certificate chain."""

    def __init__(self, url: str, *, timeout: float = 10) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError("a time-stamping server has an http or https address")
        self._url = url
        self._timeout = timeout

    def stamp(self, content: bytes) -> Timestamp:
        """Answers a token over the SHA-256 of `content`. Raises `TimestampError`."""
        imprint = hashlib.sha256(content).digest()
        nonce = secrets.randbits(63)
        request = sequence(INTEGER_1, sequence(SHA256, octets(imprint)), integer(nonce), TRUE)
        response = self._post(request)
        try:
            # TimeStampResp cannot be used, because that class requires a token even of a refusal.
            parts = core.SequenceOf.load(response, strict=True, spec=core.Any)
            status = tsp.PKIStatusInfo.load(parts[0].dump())["status"].native
            if status not in ("granted", "granted_with_mods"):
                raise TimestampError(f"the server refused: {status}")
            token = parts[1].dump()
            info = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
            if info["nonce"].native != nonce:
                raise TimestampError("the answer belongs to another request")
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise TimestampError("the server's answer is not a time-stamp") from error
        return read_token(token, content)

    def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query"}
        try:
            answer = AUTHORITY.post_again(self._url, body, timeout=self._timeout, most=MAX_RESPONSE, headers=headers)
        except HttpTooLong as error:
            raise TimestampError("the server's answer is too long") from error
        except HttpFailed as error:
            raise TimestampError(f"the time-stamping server does not answer: {error}") from error
        if answer.status != HTTPStatus.OK:
            raise TimestampError(f"the time-stamping server does not answer: status {answer.status}")
        return answer.body


def read_token(token: bytes, content: bytes) -> Timestamp:
    """Checks imprint, signature and purpose of a token. The caller checks the chain. Raises `TimestampError`."""
    try:
        return _read_token(token, content)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, InvalidSignature) as error:
        raise TimestampError("the time-stamp is damaged") from error


def _read_token(token: bytes, content: bytes) -> Timestamp:
    outer = cms.ContentInfo.load(token, strict=True)
    signed = outer["content"]
    (signer_info,) = signed["signer_infos"]
    # Once a value of it has been read, asn1crypto would encode the whole set anew.
    attributes = signer_info["signed_attrs"].dump()
    encapsulated = signed["encap_content_info"]
    if outer["content_type"].native != "signed_data" or encapsulated["content_type"].native != "tst_info":
        raise TimestampError("not a time-stamp")
    _check_unsigned_parts(signed, signer_info)
    info = encapsulated["content"].parsed
    imprint = info["message_imprint"]
    expected = hashlib.new(_digest_name(imprint["hash_algorithm"]), content).digest()
    if imprint["hashed_message"].native != expected:
        raise TimestampError("the time-stamp belongs to something else")
    certificates = tuple(x509.load_der_x509_certificate(item.dump()) for item in signed["certificates"])
    signer = _signer(signer_info, certificates)
    _check_signature(signer_info, signer, bytes(encapsulated["content"]), attributes)
    usage = extension_of(signer, x509.ExtendedKeyUsage)
    if usage is None or list(usage) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimestampError("the certificate is not meant for time-stamps")
    return Timestamp(token, info["gen_time"].native, signer, certificates)


def _check_unsigned_parts(signed: cms.SignedData, signer_info: cms.SignerInfo) -> None:
    """These fields repeat signed values, and must not contradict them (RFC 5652 §5.1, §5.3)."""
    digests = [item["algorithm"].native for item in signed["digest_algorithms"]]
    versions = signed["version"].native, signer_info["version"].native
    if digests != [signer_info["digest_algorithm"]["algorithm"].native] or versions != ("v3", "v1"):
        raise TimestampError("the time-stamp has been changed")


def _digest_name(algorithm: cms.DigestAlgorithm) -> str:
    """Only SHA-2 is accepted, which every time-stamping server offers."""
    name: str = algorithm["algorithm"].native
    if name not in DIGESTS:
        raise TimestampError(f"digest {name}")
    return name


def _signer(signer_info: cms.SignerInfo, certificates: tuple[x509.Certificate, ...]) -> x509.Certificate:
    issuer, serial = signer_info["sid"].chosen["issuer"].dump(), signer_info["sid"].chosen["serial_number"].native
    (signer,) = (item for item in certificates if item.serial_number == serial and item.issuer.public_bytes() == issuer)
    return signer


def _check_signature(signer_info: cms.SignerInfo, signer: x509.Certificate, info: bytes, attributes: bytes) -> None:
    values = {item["type"].native: item["values"] for item in signer_info["signed_attrs"]}
    digest = _digest_name(signer_info["digest_algorithm"])
    (stated,) = values["message_digest"]
    (content_type,) = values["content_type"]
    if stated.native != hashlib.new(digest, info).digest() or content_type.native != "tst_info":
        raise TimestampError("the time-stamp has been changed")
    _check_certificate_hash(values, signer)
    kinds = {f"{digest}_ecdsa"} if isinstance(signer.public_key(), ec.EllipticCurvePublicKey) else RSA_KINDS[digest]
    if signer_info["signature_algorithm"]["algorithm"].native not in kinds:
        raise TimestampError("the time-stamp's algorithm does not fit its certificate")
    # The attributes are signed as SET OF, though stored with an implicit tag (RFC 5652 §5.4).
    verify_signature(signer, signer_info["signature"].native, b"\x31" + attributes[1:], DIGESTS[digest])


def _check_certificate_hash(values: dict[str, cms.SetOf], signer: x509.Certificate) -> None:
    """The token names its own certificate, so that no other can replace it (RFC 5816)."""
    der = certificate_der(signer)
    if "signing_certificate_v2" in values:
        identity = values["signing_certificate_v2"][0]["certs"][0]
        matches = identity["cert_hash"].native == hashlib.new(_digest_name(identity["hash_algorithm"]), der).digest()
    else:
        identity = values["signing_certificate"][0]["certs"][0]
        matches = identity["cert_hash"].native == hashlib.sha1(der, usedforsecurity=False).digest()
    if not matches:
        raise TimestampError("the time-stamp was made with another certificate")
