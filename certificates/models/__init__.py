from .core import (
    Certificate,
    CertificateEvent,
    CertificateItem,
    CertificateTerm,
    CertificateVersion,
    Document,
    DocumentOrder,
    LegacyCertificate,
    NumberCounter,
    TransferProof,
    new_token,
)
from .outside import OutOfProvinceCertificate
from .policy import PolicyBatch, PolicyBatchRow
from .rename import RenameBatch, RenameRow

__all__ = [
    "Certificate",
    "CertificateEvent",
    "CertificateItem",
    "CertificateTerm",
    "CertificateVersion",
    "Document",
    "DocumentOrder",
    "LegacyCertificate",
    "NumberCounter",
    "OutOfProvinceCertificate",
    "PolicyBatch",
    "PolicyBatchRow",
    "RenameBatch",
    "RenameRow",
    "TransferProof",
    "new_token",
]
