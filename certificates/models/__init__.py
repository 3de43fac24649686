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
    "TransferProof",
    "new_token",
]
