"""Reads versions and transfer proofs by their QR token or by the hash of a file."""

from __future__ import annotations

from django.db.models import QuerySet

from certificates.models import CertificateVersion, Document, TransferProof


def version_by_token(token: str) -> CertificateVersion | None:
    return _versions().filter(token=token).first()


def version_by_file(sha256: str) -> CertificateVersion | None:
    return _versions().filter(document__sha256=sha256).first()


def version_by_identifier(identifier: str) -> CertificateVersion | None:
    return _versions().filter(identifier=identifier).first()


def proof_by_token(token: str) -> TransferProof | None:
    return _proofs().filter(token=token).first()


def proof_by_file(sha256: str) -> TransferProof | None:
    return _proofs().filter(sha256=sha256).first()


def is_ours(sha256: str) -> bool:
    """Whether the portal has signed exactly this file."""
    return Document.objects.filter(sha256=sha256).exists() or TransferProof.objects.filter(sha256=sha256).exists()


def _versions() -> QuerySet[CertificateVersion]:
    """Each with what `lookup.version_state` reads."""
    return CertificateVersion.objects.select_related("certificate__person", "term")


def _proofs() -> QuerySet[TransferProof]:
    return TransferProof.objects.select_related("certificate__person")
