"""Asks the CA's responder whether one certificate is revoked (RFC 6960); an answer that is not proven does not count."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from django.conf import settings
from django.core.cache import cache

from common.pki import sm2
from common.pki.x509_chain import CLOCK_TOLERANCE, extension_of, is_issued_by
from common.web import http
from common.web.bounded import HttpFailed

logger = logging.getLogger(__name__)

RESPONDER = http.Partner("OCSP responder")
TIMEOUT_SECONDS = 4
MAX_RESPONSE = 64 * 1024
LONGEST_CACHED = timedelta(hours=12)
"""An answer is kept no longer than this, even where the responder promises more."""
WITHOUT_NEXT_UPDATE = timedelta(minutes=10)
"""An answer without a next update is kept for this time."""


class Answer(StrEnum):
    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"


class OcspError(Exception):
    """No answer that can be believed."""


def ask(certificate: x509.Certificate, issuer: x509.Certificate, *, now: datetime) -> Answer:
    """Caches a proven answer until the responder's next update."""
    key = f"ocsp:{certificate.fingerprint(hashes.SHA256()).hex()}"
    kept: str | None = cache.get(key)
    if kept is not None:
        return Answer(kept)
    try:
        answer, until = _fresh(certificate, issuer, now)
    except OcspError as error:
        logger.warning("no OCSP answer for certificate %x: %s", certificate.serial_number, error)
        return Answer.UNREACHABLE
    cache.set(key, answer.value, max(0, int((min(until, now + LONGEST_CACHED) - now).total_seconds())))
    return answer


def _fresh(certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> tuple[Answer, datetime]:
    try:
        # SHA-1 only names the issuer here; many responders know no other digest (RFC 5019).
        builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303
        request = builder.build()
        response = ocsp.load_der_ocsp_response(_post(_address(certificate), request.public_bytes(Encoding.DER)))
        return _judge(response, request, issuer, now)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise OcspError(f"the answer cannot be read: {error}") from error


def _judge(
    response: ocsp.OCSPResponse, request: ocsp.OCSPRequest, issuer: x509.Certificate, now: datetime
) -> tuple[Answer, datetime]:
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise OcspError(f"the responder says {response.response_status.name}")
    _check_signature(response, issuer, now)
    for single in response.responses:
        # The issuer's key hash is compared too, because another issuer may use the same serial number.
        if single.serial_number == request.serial_number and single.issuer_key_hash == request.issuer_key_hash:
            break
    else:
        raise OcspError("the answer is about another certificate")
    until = single.next_update_utc or single.this_update_utc + WITHOUT_NEXT_UPDATE
    if not single.this_update_utc - CLOCK_TOLERANCE <= now <= until:
        raise OcspError("the answer is outdated")
    kinds = {ocsp.OCSPCertStatus.GOOD: Answer.GOOD, ocsp.OCSPCertStatus.REVOKED: Answer.REVOKED}
    return kinds.get(single.certificate_status, Answer.UNKNOWN), until


def _check_signature(response: ocsp.OCSPResponse, issuer: x509.Certificate, now: datetime) -> None:
    """The answer must be signed by the issuer or by a responder that the issuer has named (RFC 6960 §4.2.2.2)."""
    delegated = [certificate for certificate in response.certificates if _is_delegate(certificate, issuer, now)]
    for signer in (issuer, *delegated[:2]):
        try:
            _verify(signer, response)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            continue
        return
    raise OcspError("the answer is not signed by the certificate's issuer")


def _is_delegate(certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> bool:
    usages = extension_of(certificate, x509.ExtendedKeyUsage)
    return (
        usages is not None
        and ExtendedKeyUsageOID.OCSP_SIGNING in usages
        and certificate.not_valid_before_utc - CLOCK_TOLERANCE <= now <= certificate.not_valid_after_utc
        and is_issued_by(certificate, issuer)
    )


def _verify(signer: x509.Certificate, response: ocsp.OCSPResponse) -> None:
    data, signature = response.tbs_response_bytes, response.signature
    if response.signature_algorithm_oid.dotted_string == sm2.SM2_WITH_SM3:
        point = sm2.public_point(signer)
        if point is None:
            raise InvalidSignature
        sm2.verify(point, signature, data)
        return
    key, digest = signer.public_key(), response.signature_hash_algorithm
    if digest is None or isinstance(digest, hashes.SHA1 | hashes.MD5):
        raise InvalidSignature
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(digest))
    else:
        raise InvalidSignature


def _address(certificate: x509.Certificate) -> str:
    """Answers the configured responder, or else the one in the certificate, whose issuer has been verified before."""
    if settings.CAKEY_OCSP_URL:
        return str(settings.CAKEY_OCSP_URL)
    access = extension_of(certificate, x509.AuthorityInformationAccess)
    for description in access or ():
        location = description.access_location
        if description.access_method == AuthorityInformationAccessOID.OCSP and isinstance(
            location, x509.UniformResourceIdentifier
        ):
            return location.value
    raise OcspError("neither the settings nor the certificate name a responder")


def _post(url: str, body: bytes) -> bytes:
    headers = {"Content-Type": "application/ocsp-request"}
    try:
        answer = RESPONDER.post(url, body, timeout=TIMEOUT_SECONDS, most=MAX_RESPONSE, headers=headers)
    except HttpFailed as error:
        raise OcspError(str(error)) from error
    if answer.status != HTTPStatus.OK:
        raise OcspError(f"the responder answers {answer.status}")
    return answer.body
