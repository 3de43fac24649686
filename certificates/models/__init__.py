"""Collects the models of the app, which Django finds by this package."""

from .archives import ArchivePart, CertificateArchive
from .bulk_extension import PolicyBatch, PolicyBatchRow
from .certificate import (
    Certificate,
    CertificateEvent,
    CertificateItem,
    CertificateTerm,
    CertificateVersion,
    NumberCounter,
    new_token,
)
from .documents import Document, DocumentOrder, TransferProof
from .former_numbers import FormerNumber
from .legacy import LegacyCertificate, LegacySettlement
from .out_of_province import OutOfProvinceCertificate
from .renaming import RenameBatch, RenameRow
from .share_links import ShareLink, ShareUse
from .verification_keys import VerificationKey, VerificationUse

__all__ = [
    "ArchivePart",
    "Certificate",
    "CertificateArchive",
    "CertificateEvent",
    "CertificateItem",
    "CertificateTerm",
    "CertificateVersion",
    "Document",
    "DocumentOrder",
    "FormerNumber",
    "LegacyCertificate",
    "LegacySettlement",
    "NumberCounter",
    "OutOfProvinceCertificate",
    "PolicyBatch",
    "PolicyBatchRow",
    "RenameBatch",
    "RenameRow",
    "ShareLink",
    "ShareUse",
    "TransferProof",
    "VerificationKey",
    "VerificationUse",
    "new_token",
]
