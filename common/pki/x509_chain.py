"""Checks that a certificate is issued under our roots, in force and not revoked; each failure has its own name.

It serves for what we sign with and for what enterprises log in with: RSA, ECDSA and SM2. An issuer whose algorithm
cannot be verified here counts as foreign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtensionOID

from . import sm2

Extension = TypeVar("Extension", bound=x509.ExtensionType)

MAX_DEPTH = 6
CLOCK_TOLERANCE = timedelta(minutes=5)
"""The clock of the machine that made a list or certificate may be ahead of ours by so much."""

UNDERSTOOD_CRITICAL = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    ExtensionOID.CERTIFICATE_POLICIES,
}

COMPROMISED = {x509.ReasonFlags.key_compromise, x509.ReasonFlags.ca_compromise}
"""After these reasons even older signatures are worthless, because nobody knows who made them."""

_MOST_LISTS = 16
_LISTS: dict[tuple[int, x509.Certificate], tuple[x509.CertificateRevocationList, bool]] = {}
"""Holds whose list a list is: its signature need not be verified for every document. Lists cannot be hashed, so they are
known by their place in memory.
"""


class ChainProblem(StrEnum):
    FOREIGN_ISSUER = "foreign_issuer"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NO_REVOCATION_LIST = "no_revocation_list"
    STALE_REVOCATION_LIST = "stale_revocation_list"
    UNKNOWN_CRITICAL_EXTENSION = "unknown_critical_extension"


@dataclass(frozen=True)
class ChainFault:
    problem: ChainProblem
    certificate: x509.Certificate


@dataclass(frozen=True)
class ChainCheck:
    path: tuple[x509.Certificate, ...]
    faults: tuple[ChainFault, ...]

    @property
    def problems(self) -> set[ChainProblem]:
        return {fault.problem for fault in self.faults}


def check_chain(
    certificate: x509.Certificate,
    *,
    roots: Iterable[x509.Certificate],
    intermediates: Iterable[x509.Certificate],
    crls: Sequence[x509.CertificateRevocationList],
    now: datetime,
    used_at: datetime | None = None,
) -> ChainCheck:
    """Lists are judged at `now`, validity and revocation at `used_at`: a proven time of signing, else `now` too."""
    path = find_path(certificate, roots=list(roots), intermediates=list(intermediates))
    if not path:
        return ChainCheck((), (ChainFault(ChainProblem.FOREIGN_ISSUER, certificate),))
    moment = used_at or now
    faults = []
    for member in path:
        if moment < member.not_valid_before_utc - CLOCK_TOLERANCE:
            faults.append(ChainFault(ChainProblem.NOT_YET_VALID, member))
        if moment > member.not_valid_after_utc:
            faults.append(ChainFault(ChainProblem.EXPIRED, member))
        if not {extension.oid for extension in member.extensions if extension.critical} <= UNDERSTOOD_CRITICAL:
            faults.append(ChainFault(ChainProblem.UNKNOWN_CRITICAL_EXTENSION, member))
    for member, issuer in pairwise(path):
        problem = _revocation_problem(member, issuer, crls, now=now, moment=moment)
        if problem is not None:
            faults.append(ChainFault(problem, member))
    return ChainCheck(path, tuple(faults))


def find_path(
    certificate: x509.Certificate,
    *,
    roots: Sequence[x509.Certificate],
    intermediates: Sequence[x509.Certificate],
) -> tuple[x509.Certificate, ...]:
    """Answers the path to one of the roots by names, signatures and CA flags; empty when there is none."""
    if certificate in roots:
        return (certificate,)
    return _climb((certificate,), roots, intermediates)


def _climb(
    path: tuple[x509.Certificate, ...],
    roots: Sequence[x509.Certificate],
    intermediates: Sequence[x509.Certificate],
) -> tuple[x509.Certificate, ...]:
    if len(path) >= MAX_DEPTH:
        return ()
    for issuer in roots:
        if _issued_by(path[-1], issuer, depth=len(path) - 1):
            return (*path, issuer)
    for issuer in intermediates:
        if issuer not in path and _issued_by(path[-1], issuer, depth=len(path) - 1):
            found = _climb((*path, issuer), roots, intermediates)
            if found:
                return found
    return ()


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    return _issued_by(certificate, issuer, depth=0)


@lru_cache(maxsize=256)
def _issued_by(certificate: x509.Certificate, issuer: x509.Certificate, *, depth: int) -> bool:
    """`depth` counts the CAs between the issuer and the end entity (RFC 5280 pathLenConstraint)."""
    if certificate.issuer != issuer.subject:
        return False
    constraints = extension_of(issuer, x509.BasicConstraints)
    usage = extension_of(issuer, x509.KeyUsage)
    if constraints is None or not constraints.ca or (usage is not None and not usage.key_cert_sign):
        return False
    if constraints.path_length is not None and depth > constraints.path_length:
        return False
    try:
        if certificate.signature_algorithm_oid.dotted_string == sm2.SM2_WITH_SM3:
            _verify_sm2(issuer, certificate.signature, certificate.tbs_certificate_bytes)
        else:
            certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _verify_sm2(issuer: x509.Certificate, signature: bytes, data: bytes) -> None:
    point = sm2.public_point(issuer)
    if point is None:
        raise InvalidSignature
    sm2.verify(point, signature, data)


def _revocation_problem(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    crls: Sequence[x509.CertificateRevocationList],
    *,
    now: datetime,
    moment: datetime,
) -> ChainProblem | None:
    """No list, or only outdated ones, is a problem too. An entry in an outdated list still counts."""
    fresh = False
    found = False
    for crl in crls:
        if not is_list_of(crl, issuer):
            continue
        found = True
        if crl.next_update_utc is not None and crl.last_update_utc - CLOCK_TOLERANCE <= now <= crl.next_update_utc:
            fresh = True
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and (entry.revocation_date_utc <= moment or _reason(entry) in COMPROMISED):
            return ChainProblem.REVOKED
    if fresh:
        return None
    return ChainProblem.STALE_REVOCATION_LIST if found else ChainProblem.NO_REVOCATION_LIST


def is_list_of(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """The list must be signed by the issuer and complete. Delta and partial lists carry critical extensions; they
    cannot show that a certificate is not revoked.
    """
    key = id(crl), issuer
    known = _LISTS.get(key)
    # The list is kept with the answer, so that no other can take its place in memory.
    if known is None or known[0] is not crl:
        if len(_LISTS) >= _MOST_LISTS:
            _LISTS.clear()
        known = _LISTS[key] = crl, _is_complete_list_of(crl, issuer)
    return known[1]


def _is_complete_list_of(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    usage = extension_of(issuer, x509.KeyUsage)
    if crl.issuer != issuer.subject or (usage is not None and not usage.crl_sign):
        return False
    if any(extension.critical for extension in crl.extensions):
        return False
    try:
        if crl.signature_algorithm_oid.dotted_string == sm2.SM2_WITH_SM3:
            _verify_sm2(issuer, crl.signature, crl.tbs_certlist_bytes)
            return True
        key = issuer.public_key()
        return isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) and crl.is_signature_valid(key)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return x509.ReasonFlags.unspecified


def extension_of(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def load_certificates(*paths: Path) -> list[x509.Certificate]:
    """Reads PEM bundles or single DER files, and again only when a file has changed."""
    return [certificate for path in paths for certificate in _certificates(path, _stamp(path))]


def load_crls(*paths: Path) -> list[x509.CertificateRevocationList]:
    """Reads PEM or DER. A file is parsed again only when it has changed, since a CA's list may have a hundred
    thousand entries.
    """
    return [_crl(path, _stamp(path)) for path in paths]


def is_self_signed(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject


def paths_of(value: object) -> tuple[Path, ...]:
    """Reads a setting that names one file or several."""
    if not value:
        return ()
    if isinstance(value, str | Path):
        return (Path(value),)
    if isinstance(value, Iterable):
        return tuple(Path(str(item)) for item in value)
    raise TypeError("expected a path or a list of paths")


def file_stamps(*paths: Path) -> tuple[tuple[int, int, int], ...]:
    """Answers a value that changes when one of the files does."""
    return tuple(_stamp(path) for path in paths)


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino


@lru_cache(maxsize=32)
def _certificates(path: Path, stamp: tuple[int, int, int]) -> tuple[x509.Certificate, ...]:
    content = path.read_bytes()
    if b"-----BEGIN" in content:
        return tuple(x509.load_pem_x509_certificates(content))
    return (x509.load_der_x509_certificate(content),)


@lru_cache(maxsize=32)
def _crl(path: Path, stamp: tuple[int, int, int]) -> x509.CertificateRevocationList:
    content = path.read_bytes()
    return x509.load_pem_x509_crl(content) if b"-----BEGIN" in content else x509.load_der_x509_crl(content)
