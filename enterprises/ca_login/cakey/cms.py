"""Reads a signed challenge: CMS (PKCS#7) SignedData with one signer, detached or with the challenge inside.

Keys with SM2 may name its parts by the identifiers of GM/T 0010 or by the international ones.

This module says who signed; `chain` says whether the signer is trusted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from asn1crypto import cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from common.findings import Finding, Refused
from common.pki import sm2

UNREADABLE = Finding(
    "signature.unreadable",
    "签名结果无法读取",
    "请上传签名工具生成的、含证书的 PKCS#7 签名（.p7s、.p7m、.p7b 或 .pem）。",
    turn="企业",
)
NO_CERTIFICATE = Finding(
    "signature.no_certificate",
    "签名结果里没有签名人的证书",
    "请在签名工具中选择“包含证书”后重新签名。",
    turn="企业",
)
OTHER_CONTENT = Finding(
    "signature.other_content",
    "签名的不是本次的登录口令",
    "请重新下载登录口令，签名前不要打开、改动或另存它。",
    turn="企业",
)
WRONG = Finding(
    "signature.wrong",
    "签名核对不通过",
    "签名与证书不符，请插好 CA 锁后重新签名；多次不通过的，请联系 CA 机构检查。",
    turn="企业",
)
UNSUPPORTED = Finding(
    "signature.unsupported_algorithm",
    "签名算法不受支持",
    "请在签名工具中选择国密签名（SM2 配 SM3），或 SHA-256 签名（RSA 2048 位以上或 ECDSA）；已停用的 SHA-1、MD5 不能使用。",
    turn="企业",
)

DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "1.2.156.10197.1.401": hashes.SM3(),
}
DATA = ("data", "1.2.156.10197.6.1.4.2.1")
SIGNED_DATA = ("signed_data", "1.2.156.10197.6.1.4.2.2")
SM2_SIGNATURES = ("1.2.156.10197.1.301", "1.2.156.10197.1.301.1", sm2.SM2_WITH_SM3)
"""Key tools write any of the three: the curve, the algorithm, or the algorithm with its digest."""
SMALLEST_RSA_KEY = 2048


@dataclass(frozen=True)
class SignedPart:
    data: bytes
    signature: bytes
    digest: hashes.HashAlgorithm
    algorithm: str


def verify(der: bytes, content: bytes) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """Answers the signer's certificate and the others that came along, once the signature over `content` is right.

    Raises Refused.
    """
    try:
        signed, signer_info = _parse(der)
        certificates = _certificates(signed["certificates"])
        signer = _signer(signer_info, certificates)
        _check_embedded_content(signed, content)
        part = _signed_part(signer_info, content)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise Refused(UNREADABLE) from error
    _verifier(signer)(signer, part)
    return signer, [certificate for certificate in certificates if certificate != signer]


def _parse(der: bytes) -> tuple[cms.SignedData, cms.SignerInfo]:
    outer = cms.ContentInfo.load(der, strict=True)
    if outer["content_type"].native not in SIGNED_DATA:
        raise ValueError("not SignedData")
    signed = outer["content"]
    if isinstance(signed, core.Any):
        signed = signed.parse(cms.SignedData)
    (signer_info,) = signed["signer_infos"]
    return signed, signer_info


def _certificates(values: core.Asn1Value) -> list[x509.Certificate]:
    """Leaves out damaged ones: certificates are parsed lazily, and a damaged one would fail at a later access."""
    if isinstance(values, core.Void):
        return []
    certificates = []
    for value in values:
        with contextlib.suppress(ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension):
            certificate = x509.load_der_x509_certificate(value.dump())
            if certificate.subject.rdns and certificate.issuer.rdns and certificate.extensions is not None:
                certificates.append(certificate)
    return certificates


def _signer(signer_info: cms.SignerInfo, certificates: list[x509.Certificate]) -> x509.Certificate:
    """Finds the signer by serial number: tools write the issuer's name in different encodings, and the signature
    decides.
    """
    identifier = signer_info["sid"]
    if identifier.name == "issuer_and_serial_number":
        serial = identifier.chosen["serial_number"].native
        found = [certificate for certificate in certificates if certificate.serial_number == serial]
        if len(found) > 1:
            issuer = identifier.chosen["issuer"].dump()
            found = [certificate for certificate in found if certificate.issuer.public_bytes() == issuer]
    else:
        found = [certificate for certificate in certificates if _key_identifier(certificate) == identifier.native]
    if len(found) != 1:
        raise Refused(NO_CERTIFICATE)
    return found[0]


def _key_identifier(certificate: x509.Certificate) -> bytes:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return b""


def _check_embedded_content(signed: cms.SignedData, content: bytes) -> None:
    encapsulated = signed["encap_content_info"]
    if encapsulated["content_type"].native not in DATA:
        raise Refused(OTHER_CONTENT)
    embedded = encapsulated["content"]
    if isinstance(embedded, core.Any):
        embedded = embedded.parse(core.OctetString)
    if not isinstance(embedded, core.Void) and embedded.native is not None and embedded.native != content:
        raise Refused(OTHER_CONTENT)


def _signed_part(signer_info: cms.SignerInfo, content: bytes) -> SignedPart:
    name = signer_info["digest_algorithm"]["algorithm"].native
    if name not in DIGESTS:
        raise Refused(UNSUPPORTED)
    data = content
    attributes = signer_info["signed_attrs"]
    if not isinstance(attributes, core.Void):
        _check_attributes(attributes, _digest(DIGESTS[name], content))
        # The attributes are signed as SET OF, though stored with an implicit tag (RFC 5652 §5.4).
        data = b"\x31" + attributes.dump()[1:]
    algorithm = signer_info["signature_algorithm"]["algorithm"].native
    return SignedPart(data, signer_info["signature"].native, DIGESTS[name], algorithm)


def _check_attributes(attributes: cms.CMSAttributes, digest: bytes) -> None:
    """Both attributes are required, each once and with one value (RFC 5652 §5.3, §11)."""
    found = {"content_type": "", "message_digest": b""}
    for attribute in attributes:
        name = attribute["type"].native
        if name in found:
            if found[name]:
                raise ValueError("attribute given twice")
            (value,) = attribute["values"]
            found[name] = value.native
    if found["content_type"] not in DATA:
        raise ValueError("content type")
    if found["message_digest"] != digest:
        raise Refused(OTHER_CONTENT)


def _digest(algorithm: hashes.HashAlgorithm, content: bytes) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(content)
    return digest.finalize()


def _verify_rsa(signer: x509.Certificate, part: SignedPart) -> None:
    key = _public_key(signer)
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < SMALLEST_RSA_KEY:
        raise Refused(UNSUPPORTED)
    # Allowed are rsaEncryption and its names with a digest; PSS has another padding.
    if part.algorithm not in ("rsassa_pkcs1v15", f"{part.digest.name}_rsa"):
        raise Refused(UNSUPPORTED)
    try:
        key.verify(part.signature, part.data, padding.PKCS1v15(), part.digest)
    except InvalidSignature:
        raise Refused(WRONG) from None


def _verify_elliptic(signer: x509.Certificate, part: SignedPart) -> None:
    """SM2 keys are declared as elliptic curve keys, on a curve of their own."""
    point = sm2.public_point(signer)
    if point is None:
        _verify_ecdsa(signer, part)
    else:
        _verify_sm2(point, part)


def _verify_sm2(point: bytes, part: SignedPart) -> None:
    if part.algorithm not in SM2_SIGNATURES or not isinstance(part.digest, hashes.SM3):
        raise Refused(UNSUPPORTED)
    try:
        sm2.verify(point, part.signature, part.data)
    except InvalidSignature:
        raise Refused(WRONG) from None


def _verify_ecdsa(signer: x509.Certificate, part: SignedPart) -> None:
    key = _public_key(signer)
    if not isinstance(key, ec.EllipticCurvePublicKey) or part.algorithm != f"{part.digest.name}_ecdsa":
        raise Refused(UNSUPPORTED)
    try:
        key.verify(part.signature, part.data, ec.ECDSA(part.digest))
    except InvalidSignature:
        raise Refused(WRONG) from None


def _public_key(signer: x509.Certificate) -> CertificatePublicKeyTypes:
    try:
        return signer.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Refused(UNSUPPORTED) from error


Verifier = Callable[[x509.Certificate, SignedPart], None]

VERIFIERS: dict[str, Verifier] = {
    "1.2.840.113549.1.1.1": _verify_rsa,
    "1.2.840.10045.2.1": _verify_elliptic,
}


def _verifier(signer: x509.Certificate) -> Verifier:
    verifier = VERIFIERS.get(signer.public_key_algorithm_oid.dotted_string)
    if verifier is None:
        raise Refused(UNSUPPORTED)
    return verifier
