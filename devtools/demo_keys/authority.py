"""Issues certificates and revocation lists for the demonstration, without keeping files."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

DAY = timedelta(days=1)
BACKDATED = 365 * DAY
"""Tests stop the clock on days that have passed, and sign there."""
CRL_LIFE = 365 * DAY


def subject_name(organisation: str, common_name: str, *, serial_number: str = "") -> x509.Name:
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "江西省"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, common_name),
    ]
    if serial_number:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, serial_number))
    return x509.Name(attributes)


def key_usage(*, sign_documents: bool = False, sign_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=sign_documents,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True)
class Authority:
    """Issues certificates as one CA and says which of them are revoked."""

    certificate: x509.Certificate
    key: PrivateKey

    @classmethod
    def create(cls, subject: x509.Name, *, years: int, issuer: Authority | None = None) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=True, path_length=0 if issuer else 1), True),
            (key_usage(sign_certificates=True), True),
        ]
        not_after = datetime.now(UTC) + timedelta(days=365 * years)
        if issuer is None:
            return cls(_build(subject, subject, key.public_key(), key, extensions, not_after=not_after), key)
        return cls(issuer.issue(subject, key.public_key(), extensions, not_after=not_after), key)

    def issue(
        self,
        subject: x509.Name,
        public_key: PublicKey,
        extensions: Sequence[tuple[x509.ExtensionType, bool]],
        *,
        not_after: datetime,
        not_before: datetime | None = None,
        serial: int | None = None,
    ) -> x509.Certificate:
        return _build(
            subject,
            self.certificate.subject,
            public_key,
            self.key,
            extensions,
            not_before=not_before,
            not_after=not_after,
            serial=serial,
        )

    def crl(
        self, revoked: dict[int, datetime], *, this_update: datetime | None = None, next_update: datetime | None = None
    ) -> x509.CertificateRevocationList:
        this_update = this_update or datetime.now(UTC) - BACKDATED
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(this_update)
            .next_update(next_update or datetime.now(UTC) + CRL_LIFE)
            .add_extension(x509.CRLNumber(int(this_update.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(_signature_key(self.certificate)), critical=False
            )
        )
        for serial, moment in sorted(revoked.items()):
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment).build()
            )
        return builder.sign(self.key, hashes.SHA256())


def _build(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: PublicKey,
    signing_key: PrivateKey,
    extensions: Sequence[tuple[x509.ExtensionType, bool]],
    *,
    not_after: datetime,
    not_before: datetime | None = None,
    serial: int | None = None,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(serial or secrets.randbits(120) | 1)
        # It begins a day earlier, so that a slow clock does not find its own certificate not yet valid.
        .not_valid_before(not_before or datetime.now(UTC) - BACKDATED)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signing_key, hashes.SHA256())


def _signature_key(certificate: x509.Certificate) -> PublicKey:
    key = certificate.public_key()
    if not isinstance(key, PublicKey):
        raise TypeError("neither RSA nor elliptic curve")
    return key
