"""Reads versions and transfer proofs by their QR token or by the hash of a file."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from certificates.models import CertificateTerm, CertificateVersion, Document, TransferProof
from common.database.json_rows import instances

_VERSION = """
SELECT row_to_json(printed)::text, row_to_json(term)::text, certificate.person_id
FROM certificates_certificateversion AS printed
JOIN certificates_certificate AS certificate ON certificate.id = printed.certificate_id
JOIN certificates_certificateterm AS term ON term.id = printed.term_id
"""


@dataclass(frozen=True)
class PrintedVersion:
    """Holds one version with its term, and whose certificate it is."""

    version: CertificateVersion
    person_id: int


def version_by_token(token: str) -> PrintedVersion | None:
    return _version("WHERE printed.token = %s", token)


def version_by_file(sha256: str) -> PrintedVersion | None:
    return _version("JOIN certificates_document AS file ON file.version_id = printed.id WHERE file.sha256 = %s", sha256)


def version_by_identifier(identifier: str) -> PrintedVersion | None:
    return _version("WHERE printed.identifier = %s", identifier)


def _version(condition: str, value: str) -> PrintedVersion | None:
    """The statement is written by hand, because composing it costs more than the rest of the page."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION + condition, [value])
        row = cursor.fetchone()
    if row is None:
        return None
    (version,) = instances(CertificateVersion, [json.loads(row[0])])
    (version.term,) = instances(CertificateTerm, [json.loads(row[1])])
    return PrintedVersion(version, row[2])


def proof_by_token(token: str) -> TransferProof | None:
    return _proofs().filter(token=token).first()


def proof_by_file(sha256: str) -> TransferProof | None:
    return _proofs().filter(sha256=sha256).first()


def is_ours(sha256: str) -> bool:
    """Whether the portal has signed exactly this file."""
    return Document.objects.filter(sha256=sha256).exists() or TransferProof.objects.filter(sha256=sha256).exists()


def _proofs() -> QuerySet[TransferProof]:
    return TransferProof.objects.select_related("certificate__person")
