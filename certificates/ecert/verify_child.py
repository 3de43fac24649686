"""Reads one uploaded PDF, in a child with limits of time and memory (`common.limited`).

Nothing here may import Django: the process that starts the children has no settings.
"""

from __future__ import annotations

import contextlib
import json
import re
import resource
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from certificates.ecert.timestamp import Timestamp, TimestampError, read_token
from common.pki.der import SignedData, attributes_to_sign, verify_signature
from common.pki.x509_chain import ChainCheck, ChainProblem, check_chain, extension_of, load_certificates, load_crls

MAX_DATA = 64 * 1024
MEMORY = 200 * 1024 * 1024
"""The unit is bytes. A file may take this much beyond the libraries; a certificate takes 5 MB."""


class Outcome(Exception):
    """Ends the examination with a verdict of `verifying.Verdict`, by its value."""

    def __init__(self, verdict: str, **facts: object) -> None:
        super().__init__(verdict)
        self.facts = {"verdict": verdict, **facts}


@dataclass(frozen=True)
class Trust:
    signer: x509.Certificate
    chain: list[x509.Certificate]
    roots: list[x509.Certificate]
    crls: list[x509.CertificateRevocationList]

    @classmethod
    def load(cls, paths: dict[str, list[str]]) -> Trust:
        def files(key: str) -> list[Path]:
            return [Path(name) for name in paths[key]]

        return cls(
            load_certificates(*files("signer"))[0],
            load_certificates(*files("chain")),
            load_certificates(*files("roots")),
            load_crls(*files("crls")),
        )

    def check(
        self,
        certificate: x509.Certificate,
        extra: tuple[x509.Certificate, ...] = (),
        *,
        now: datetime,
        used_at: datetime,
    ) -> ChainCheck:
        return check_chain(
            certificate,
            roots=self.roots,
            intermediates=[*self.chain, *extra],
            crls=self.crls,
            now=now,
            used_at=used_at,
        )

    def recognises(self, certificate: x509.Certificate, path: tuple[x509.Certificate, ...]) -> bool:
        """An earlier signer has the same name and purposes as the present one and comes from the same issuers.

        The root may issue for others too, so the signer has to come from our CA and to carry our name.
        """
        if len(path) < 2 or path[1] not in (self.chain or self.roots):
            return False
        ours, theirs = (
            extension_of(self.signer, x509.ExtendedKeyUsage),
            extension_of(certificate, x509.ExtendedKeyUsage),
        )
        if ours is not None and (theirs is None or set(ours) != set(theirs)):
            return False
        return all(
            certificate.subject.get_attributes_for_oid(oid) == self.signer.subject.get_attributes_for_oid(oid)
            for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
        )


def examine(pdf: bytes, trust: Trust, now: datetime) -> dict[str, object]:
    """It never raises for a bad file: any error of a reader makes the file unreadable."""
    try:
        reader, signature = _only_signature(pdf)
    except Outcome as outcome:
        return outcome.facts
    except Exception:
        return {"verdict": "unsigned" if _is_unsigned(pdf) else "unreadable"}
    try:
        return _examine_signature(pdf, reader, signature, trust, now)
    except Outcome as outcome:
        return outcome.facts
    except Exception:
        return {"verdict": "altered"}


def _is_unsigned(pdf: bytes) -> bool:
    """Tells whether the file deviates from the rules, opens all the same, and has no signature. None of ours deviates."""
    if b"/ByteRange" in pdf:
        return False
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        return not reader.encrypted and reader.root["/Pages"]["/Count"] > 0 and not reader.embedded_signatures
    except Exception:
        return False


def _opens_for_everybody(reader: PdfFileReader) -> bool:
    """Tells whether the empty password opens the file; then only printing or changing is protected."""
    try:
        return bool(reader.decrypt(b"").status != AuthStatus.FAILED)
    except Exception:
        return False


def _only_signature(pdf: bytes) -> tuple[PdfFileReader, EmbeddedPdfSignature]:
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    if reader.encrypted:
        raise Outcome("unsigned" if b"/ByteRange" not in pdf and _opens_for_everybody(reader) else "unreadable")
    signatures = reader.embedded_signatures
    regular = reader.embedded_regular_signatures
    if not regular:
        raise Outcome("unsigned")
    if len(signatures) != 1:
        raise Outcome("altered")
    return reader, regular[0]


def _examine_signature(
    pdf: bytes, reader: PdfFileReader, embedded: EmbeddedPdfSignature, trust: Trust, now: datetime
) -> dict[str, object]:
    encoded, covered = _signature_and_covered_bytes(pdf, embedded)
    content = cms.ContentInfo.load(encoded, strict=True)["content"]
    (signer_info,) = content["signer_infos"]
    certificates = tuple(x509.load_der_x509_certificate(item.dump()) for item in content["certificates"])
    signer = _signer(signer_info, certificates)
    token = _token(signer_info)
    stamp = _read_stamp(token, signer_info["signature"].native) if token else None
    used_at = stamp.time if stamp is not None else now
    _check_is_ours(signer, stamp, trust, now=now, used_at=used_at)

    expected = SignedData(signer, signer_info["signature_algorithm"].dump(), certificates)
    attributes = expected.attributes(_sha256(covered))
    if set(certificates) - {signer, *trust.chain}:
        raise Outcome("altered")
    # It must be byte for byte what we would have written, so that nothing outside the signature can be changed.
    if expected.encode(attributes, signer_info["signature"].native, token=token) != encoded:
        raise Outcome("altered")
    try:
        verify_signature(signer, signer_info["signature"].native, attributes_to_sign(attributes), hashes.SHA256())
    except InvalidSignature:
        raise Outcome("altered") from None
    embedded.compute_integrity_info()
    coverage: object = embedded.coverage
    if coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise Outcome("altered")
    signed_at = stamp.time if stamp is not None else embedded.self_reported_timestamp
    return {
        "verdict": "intact",
        "signer": _common_name(signer),
        "signed_at": signed_at.astimezone(UTC).isoformat() if signed_at is not None else None,
        "timestamp": stamp.time.astimezone(UTC).isoformat() if stamp is not None else None,
        "data": _attached_data(reader),
    }


def _signature_and_covered_bytes(pdf: bytes, embedded: EmbeddedPdfSignature) -> tuple[bytes, bytes]:
    """The signature must be the only gap in the file: nothing follows it, and the gap holds nothing else."""
    zero, start, end, rest = (int(number) for number in embedded.byte_range)
    if zero != 0 or not 0 < start < end <= len(pdf) or end + rest != len(pdf):
        raise Outcome("altered")
    gap = pdf[start:end]
    if re.fullmatch(rb"<(?:[0-9A-F]{2})+>", gap) is None:
        raise Outcome("altered")
    padded = bytes.fromhex(gap[1:-1].decode("ascii"))
    if padded != embedded.pkcs7_content:
        raise Outcome("altered")
    length = _der_length(padded)
    if any(padded[length:]):
        raise Outcome("altered")
    return padded[:length], pdf[:start] + pdf[end:]


def _der_length(encoded: bytes) -> int:
    """Every signature is a long-form sequence."""
    if encoded[0] != 0x30 or not 0x81 <= encoded[1] <= 0x84:
        raise Outcome("altered")
    size = encoded[1] & 0x7F
    return 2 + size + int.from_bytes(encoded[2 : 2 + size], "big")


def _signer(signer_info: cms.SignerInfo, certificates: tuple[x509.Certificate, ...]) -> x509.Certificate:
    issuer, serial = signer_info["sid"].chosen["issuer"].dump(), signer_info["sid"].chosen["serial_number"].native
    for certificate in certificates:
        if certificate.serial_number == serial and certificate.issuer.public_bytes() == issuer:
            return certificate
    raise Outcome("altered")


def _token(signer_info: cms.SignerInfo) -> bytes:
    attributes = signer_info["unsigned_attrs"]
    if isinstance(attributes, core.Void):
        return b""
    (attribute,) = attributes
    (value,) = attribute["values"]
    token: bytes = value.dump()
    return token


def _read_stamp(token: bytes, signature: bytes) -> Timestamp:
    try:
        return read_token(token, signature)
    except TimestampError:
        raise Outcome("altered") from None


def _check_is_ours(
    signer: x509.Certificate, stamp: Timestamp | None, trust: Trust, *, now: datetime, used_at: datetime
) -> None:
    """Without a time-stamp nothing proves when the signature was made, so the certificate must be in force today."""
    checks = [trust.check(signer, now=now, used_at=used_at)]
    if stamp is not None:
        checks.append(trust.check(stamp.signer, stamp.certificates, now=now, used_at=used_at))
    problems = checks[0].problems | checks[-1].problems
    if not trust.recognises(signer, checks[0].path) or not checks[-1].path:
        raise Outcome("foreign_signature")
    lists = {ChainProblem.NO_REVOCATION_LIST, ChainProblem.STALE_REVOCATION_LIST}
    if problems - lists:
        raise Outcome("foreign_signature")
    if problems:
        raise Outcome("unavailable")


def _sha256(content: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(content)
    return digest.finalize()


def _common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _attached_data(reader: PdfFileReader) -> dict[str, Any] | None:
    """Answers the only file attached; our signature covers it, so a file without it is intact all the same."""
    try:
        _, specification = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
        content = specification.get_object()["/EF"]["/F"].data
        data = json.loads(content) if len(content) <= MAX_DATA else None
    except (KeyError, TypeError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def work(arguments: dict[str, Any], pieces: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Answers the outcome for the file; `arguments` name the certificates that we trust."""
    _limit_memory()
    try:
        trust = Trust.load(arguments["trust"])
    except (OSError, ValueError, IndexError):
        return {"verdict": "unavailable"}, []
    return examine(pieces[0], trust, datetime.fromisoformat(arguments["now"])), []


def _limit_memory() -> None:
    """This limit is tighter than that of address space, which has to allow for all that the children have imported."""
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
        limit = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def prepare() -> None:
    """Loads once for all children what the parser loads at its first file; the modules are imported before."""
    with contextlib.suppress(Exception):  # the sample is no PDF
        _only_signature(b"%PDF-1.7\n")
