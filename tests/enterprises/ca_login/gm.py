"""An authority and keys with SM2 and SM3, as the provinces' CAs issue them now.

Made as certificates with an ordinary key, then given the SM2 key and signed again.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gmalg
from asn1crypto import core, keys
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from common.pki.der import CONTENT_TYPE, INTEGER_1, MESSAGE_DIGEST, integer, octets, oid, sequence, set_of, tlv
from common.pki.sm2 import KEY_PREFIX, SM2_WITH_SM3, USER_ID
from devtools.demo_keys.authority import Authority, key_usage, subject_name

GM_DATA, GM_SIGNED_DATA = oid("1.2.156.10197.6.1.4.2.1"), oid("1.2.156.10197.6.1.4.2.2")
SM3 = sequence(oid("1.2.156.10197.1.401"))
SM2_SIGN = "1.2.156.10197.1.301.1"


def sm3(content: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def sm2_sign(private: bytes, content: bytes, *, user_id: bytes = USER_ID) -> bytes:
    r, s = gmalg.SM2(sk=private, uid=user_id).sign(content)
    return sequence(integer(int.from_bytes(r, "big")), integer(int.from_bytes(s, "big")))


@dataclass(frozen=True)
class Sm2Key:
    certificate: x509.Certificate
    private: bytes

    def sign(
        self,
        content: bytes,
        *,
        attributes: bool = True,
        embedded: bool = False,
        signed_data: bytes = GM_SIGNED_DATA,
        data: bytes = GM_DATA,
        signature_oid: str = SM2_SIGN,
        digest: bytes = SM3,
        user_id: bytes = USER_ID,
    ) -> bytes:
        """The CMS that a key tool of GM/T 0010 hands out."""
        signed, stored = content, b""
        if attributes:
            parts = [sequence(CONTENT_TYPE, set_of(data)), sequence(MESSAGE_DIGEST, set_of(octets(sm3(content))))]
            signed, stored = set_of(*parts), tlv(0xA0, *sorted(parts))
        signer = sequence(
            INTEGER_1,
            sequence(self.certificate.issuer.public_bytes(), integer(self.certificate.serial_number)),
            digest,
            stored,
            sequence(oid(signature_oid)),
            octets(sm2_sign(self.private, signed, user_id=user_id)),
        )
        inner = sequence(data, tlv(0xA0, octets(content))) if embedded else sequence(data)
        certificates = tlv(0xA0, self.certificate.public_bytes(Encoding.DER))
        body = sequence(INTEGER_1, set_of(digest), inner, certificates, set_of(signer))
        return sequence(signed_data, tlv(0xA0, body))


class Sm2Authority:
    """A root that issues keys of enterprises directly."""

    def __init__(self, name: str = "演示国密CA") -> None:
        self._plain = Authority.create(subject_name("演示CA机构（无法律效力）", name), years=5)
        self.private, self._public = gmalg.SM2().generate_keypair()
        self.certificate = self._resigned(self._plain.certificate, self._public)

    def issue(
        self,
        uscc: str,
        operator: str = "李会计",
        *,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> Sm2Key:
        private, public = gmalg.SM2().generate_keypair()
        plain = self._plain.issue(
            subject_name("演示企业", operator, serial_number=uscc),
            ec.generate_private_key(ec.SECP256R1()).public_key(),
            [(x509.BasicConstraints(ca=False, path_length=None), True), (key_usage(sign_documents=True), True)],
            not_before=not_before,
            not_after=not_after or datetime.now(UTC) + timedelta(days=100),
        )
        return Sm2Key(self._resigned(plain, public), private)

    def crl(self, *serials: int) -> bytes:
        made = self._plain.crl({serial: datetime.now(UTC) - timedelta(hours=1) for serial in serials})
        crl = asn1_crl.CertificateList.load(made.public_bytes(Encoding.DER))
        crl["tbs_cert_list"]["signature"] = crl["signature_algorithm"] = {"algorithm": SM2_WITH_SM3}
        crl["signature"] = core.OctetBitString(sm2_sign(self.private, crl["tbs_cert_list"].dump(force=True)))
        return bytes(crl.dump(force=True))

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Paths of the certificate and of the revocation list, for the settings."""
        mark = secrets.token_hex(4)
        root, crl = folder / f"gm-{mark}.pem", folder / f"gm-{mark}.crl"
        root.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        crl.write_bytes(self.crl())
        return root, crl

    def _resigned(self, plain: x509.Certificate, point: bytes) -> x509.Certificate:
        certificate = asn1_x509.Certificate.load(plain.public_bytes(Encoding.DER))
        body = certificate["tbs_certificate"]
        body["subject_public_key_info"] = keys.PublicKeyInfo.load(KEY_PREFIX + point)
        body["signature"] = certificate["signature_algorithm"] = {"algorithm": SM2_WITH_SM3}
        certificate["signature_value"] = core.OctetBitString(sm2_sign(self.private, body.dump(force=True)))
        return x509.load_der_x509_certificate(certificate.dump(force=True))


def fingerprint(key: Sm2Key) -> str:
    return hashlib.sha256(key.certificate.public_bytes(Encoding.DER)).hexdigest()
