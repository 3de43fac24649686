"""Makes certificates for development, tests and demonstrations on the machine that needs them.

Two hierarchies must never be mixed up: one signs e-certificates (root → sub-CA → document signer, and a
time-stamping certificate under the root), the other is what enterprises log in with (root → sub-CA → enterprise keys).
Every name says 演示, so that nothing signed here passes for a real document.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from .authority import CRL_LIFE, DAY, Authority, PrivateKey, key_usage, subject_name

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""This is id-kp-documentSigning of RFC 9336. Poppler and openssl know only e-mail protection, so the signer has both."""

ECERT_ROOT = "ecert-root"
ECERT_CA = "ecert-ca"
CAKEY_ROOT = "cakey-root"
CAKEY_CA = "cakey-ca"
AUTHORITIES = (ECERT_ROOT, ECERT_CA, CAKEY_ROOT, CAKEY_CA)

SIGNER = "ecert-signer"
TSA = "ecert-tsa"

RENEW_BEFORE_EXPIRY = 30 * DAY

SIGNER_SUBJECT = ("演示发证机关（无法律效力）", "演示电子证照签章")
TSA_SUBJECT = ("演示时间戳服务（无法律效力）", "演示时间戳")


@dataclass(frozen=True)
class EnterpriseKey:
    """Holds a .p12 with its certificate, as a CA gives it to an enterprise's operator."""

    p12: bytes
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


class DemoPki:
    """Names the files of one directory; `ensure_demo_pki` makes them, and they are complete as long as the directory
    exists.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, name: str) -> Path:
        return self.directory / name

    @property
    def signer_key(self) -> Path:
        return self.path(f"{SIGNER}.key")

    @property
    def signer_certificate(self) -> Path:
        return self.path(f"{SIGNER}.pem")

    @property
    def chain(self) -> Path:
        """Contains the sub-CA that issues document signers."""
        return self.path(f"{ECERT_CA}.pem")

    @property
    def root(self) -> Path:
        return self.path(f"{ECERT_ROOT}.pem")

    @property
    def crls(self) -> list[Path]:
        return [self.path(f"{ECERT_ROOT}.crl"), self.path(f"{ECERT_CA}.crl")]

    @property
    def tsa_key(self) -> Path:
        return self.path(f"{TSA}.key")

    @property
    def tsa_certificate(self) -> Path:
        return self.path(f"{TSA}.pem")

    @property
    def cakey_roots(self) -> Path:
        """Contains root and sub-CA, because keys rarely bring their intermediate certificate."""
        return self.path("cakey-trust.pem")

    @property
    def cakey_crls(self) -> list[Path]:
        return [self.path(f"{CAKEY_ROOT}.crl"), self.path(f"{CAKEY_CA}.crl")]

    def authority(self, name: str) -> Authority:
        return Authority(load_certificate(self.path(f"{name}.pem")), load_key(self.path(f"{name}.key")))

    def issue_enterprise_key(
        self,
        *,
        uscc: str,
        enterprise_name: str,
        operator_name: str,
        pin: str,
        serial: int | None = None,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> EnterpriseKey:
        """The subject has serialNumber = unified social credit code, O = enterprise and CN = operator.

        The key is RSA, because the signing script of the login page knows no elliptic curves.
        """
        authority = self.authority(CAKEY_CA)
        key = rsa.generate_private_key(65537, 2048)
        certificate = authority.issue(
            subject_name(enterprise_name, operator_name, serial_number=uscc),
            key.public_key(),
            [
                (x509.BasicConstraints(ca=False, path_length=None), True),
                (key_usage(sign_documents=True), True),
                (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
            ],
            serial=serial,
            not_before=not_before,
            not_after=not_after or datetime.now(UTC) + 3 * 365 * DAY,
        )
        return EnterpriseKey(_p12(key, certificate, authority.certificate, pin), certificate, key)

    def ensure_enterprise_key(self, *, uscc: str, enterprise_name: str, operator_name: str, pin: str) -> Path:
        """Answers the .p12 of a demo enterprise, which is issued once, so that a second start keeps bound keys
        working.
        """
        if not re.fullmatch("[0-9A-Z]{18}", uscc):
            raise ValueError("a unified social credit code has 18 digits and capitals")
        path = self.path("enterprise-keys") / f"{uscc}.p12"
        with _locked(self.directory):
            if not path.exists():
                path.parent.mkdir(mode=0o700, exist_ok=True)
                issued = self.issue_enterprise_key(
                    uscc=uscc, enterprise_name=enterprise_name, operator_name=operator_name, pin=pin
                )
                _write(path, issued.p12, 0o600)
        return path

    def revoke(self, serial: int, *, authority: str = CAKEY_CA) -> None:
        """Enters the certificate in the authority's revocation list, at once."""
        with _locked(self.directory):
            revoked = _read_revoked(self.directory, authority)
            revoked.setdefault(serial, datetime.now(UTC))
            payload = {str(number): moment.isoformat() for number, moment in revoked.items()}
            _write(self.path(f"{authority}.revoked.json"), json.dumps(payload).encode(), 0o600)
            _write_crl(self.directory, authority)

    def write_crl(self, authority: str = CAKEY_CA) -> Path:
        """Writes a fresh revocation list and returns its path."""
        with _locked(self.directory):
            return _write_crl(self.directory, authority)


def ensure_demo_pki(directory: Path) -> DemoPki:
    """Makes the demonstration hierarchies once; later calls only renew what expires.

    Processes may start together: one builds, the others wait and find the finished directory.
    """
    directory = Path(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    with _locked(directory):
        if not directory.exists():
            _create(directory)
        _renew(directory)
    return DemoPki(directory)


def load_certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def load_key(path: Path) -> PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, PrivateKey):
        raise TypeError(f"{path.name}: neither RSA nor elliptic curve")
    return key


def _create(directory: Path) -> None:
    """Builds beside and renames, so that a process killed half way leaves no incomplete directory under the final
    name.
    """
    prefix = f".{directory.name}.new-"
    for leftover in directory.parent.glob(f"{prefix}*"):
        shutil.rmtree(leftover)
    building = Path(tempfile.mkdtemp(prefix=prefix, dir=directory.parent))
    ecert_root = Authority.create(subject_name("演示电子证照（无法律效力）", "演示电子证照根证书"), years=20)
    ecert_ca = Authority.create(
        subject_name("演示电子证照（无法律效力）", "演示电子证照签发机构"), years=15, issuer=ecert_root
    )
    cakey_root = Authority.create(subject_name("演示CA机构（无法律效力）", "演示CA锁根证书"), years=20)
    cakey_ca = Authority.create(
        subject_name("演示CA机构（无法律效力）", "演示CA锁签发机构"), years=15, issuer=cakey_root
    )
    for name, authority in zip(AUTHORITIES, (ecert_root, ecert_ca, cakey_root, cakey_ca), strict=True):
        _write_pair(building, name, authority.certificate, authority.key)
        _write_crl(building, name)
    _write(building / "cakey-trust.pem", _pem(cakey_root.certificate) + _pem(cakey_ca.certificate), 0o644)
    _issue_signer(building)
    _issue_tsa(building)
    building.rename(directory)


def _renew(directory: Path) -> None:
    now = datetime.now(UTC)
    for name in AUTHORITIES:
        crl = x509.load_pem_x509_crl((directory / f"{name}.crl").read_bytes())
        if crl.next_update_utc is None or crl.next_update_utc - now < CRL_LIFE / 2:
            _write_crl(directory, name)
    for name, issue in ((SIGNER, _issue_signer), (TSA, _issue_tsa)):
        if load_certificate(directory / f"{name}.pem").not_valid_after_utc - now < RENEW_BEFORE_EXPIRY:
            issue(directory)


def _issue_signer(directory: Path) -> None:
    usages = x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION])
    _issue_leaf(directory, SIGNER, ECERT_CA, SIGNER_SUBJECT, key_usage(sign_documents=True), (usages, False), years=5)


def _issue_tsa(directory: Path) -> None:
    # RFC 3161 §2.3: the only extended usage, and critical.
    usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    _issue_leaf(directory, TSA, ECERT_ROOT, TSA_SUBJECT, key_usage(sign_documents=True), (usages, True), years=10)


def _issue_leaf(
    directory: Path,
    name: str,
    issuer: str,
    subject: tuple[str, str],
    usage: x509.KeyUsage,
    extended: tuple[x509.ExtendedKeyUsage, bool],
    *,
    years: int,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        DemoPki(directory)
        .authority(issuer)
        .issue(
            subject_name(*subject),
            key.public_key(),
            [(x509.BasicConstraints(ca=False, path_length=None), True), (usage, True), extended],
            not_after=datetime.now(UTC) + timedelta(days=365 * years),
        )
    )
    _write_pair(directory, name, certificate, key)


def _p12(key: rsa.RSAPrivateKey, certificate: x509.Certificate, issuer: x509.Certificate, pin: str) -> bytes:
    # Few rounds are used: the browser derives the key in JavaScript, and a demo key protects nothing.
    encryption = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2048)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(pin.encode())
    )
    return pkcs12.serialize_key_and_certificates("演示CA锁".encode(), key, certificate, [issuer], encryption)


def _read_revoked(directory: Path, authority: str) -> dict[int, datetime]:
    path = directory / f"{authority}.revoked.json"
    if not path.exists():
        return {}
    entries: dict[str, str] = json.loads(path.read_bytes())
    return {int(serial): datetime.fromisoformat(moment) for serial, moment in entries.items()}


def _write_crl(directory: Path, authority: str) -> Path:
    crl = DemoPki(directory).authority(authority).crl(_read_revoked(directory, authority))
    path = directory / f"{authority}.crl"
    _write(path, crl.public_bytes(serialization.Encoding.PEM), 0o644)
    return path


def _write_pair(directory: Path, name: str, certificate: x509.Certificate, key: PrivateKey) -> None:
    key_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(directory / f"{name}.key", key_pem, 0o600)
    _write(directory / f"{name}.pem", _pem(certificate), 0o644)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Replaces the file in one step; the mode is set before the content is there."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
    os.replace(name, path)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    with (directory.parent / f".{directory.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # released when the file closes, also when the process dies
        yield
