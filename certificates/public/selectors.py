"""Reads versions and transfer proofs by their QR token or by the hash of a file."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from certificates.facts.holdings import Holdings, find_holdings
from certificates.facts.reading import Finder
from certificates.models import CertificateTerm, CertificateVersion, Document, TransferProof
from common.database.json_rows import instances
from workflow.models import Letter


def _finder(condition: str, more: str = "") -> Finder:
    """The statement is written by hand, because composing it costs more than the rest of the page."""
    return Finder(
        "SELECT certificate.person_id, row_to_json(printed) AS version, row_to_json(term) AS term "  # noqa: S608
        "FROM certificates_certificateversion AS printed "
        "JOIN certificates_certificate AS certificate ON certificate.id = printed.certificate_id "
        f"JOIN certificates_certificateterm AS term ON term.id = printed.term_id {more} WHERE {condition} = %(wanted)s"
    )


_BY_TOKEN, _BY_IDENTIFIER = _finder("printed.token"), _finder("printed.identifier")
_BY_FILE = _finder("file.sha256", "JOIN certificates_document AS file ON file.version_id = printed.id")


@dataclass(frozen=True)
class PrintedVersion:
    """Holds one version with its term, and what is known today of the certificates of its person."""

    version: CertificateVersion
    facts: Holdings


def version_by_token(token: str) -> PrintedVersion | None:
    return _version(_BY_TOKEN, token)


def version_by_file(sha256: str) -> PrintedVersion | None:
    return _version(_BY_FILE, sha256)


def version_by_identifier(identifier: str) -> PrintedVersion | None:
    return _version(_BY_IDENTIFIER, identifier)


def _version(finder: Finder, wanted: str) -> PrintedVersion | None:
    found, facts = find_holdings(finder, {"wanted": wanted})
    if found is None:
        return None
    (version,) = instances(CertificateVersion, [found["version"]])
    (version.term,) = instances(CertificateTerm, [found["term"]])
    return PrintedVersion(version, facts)


def proof_by_token(token: str) -> TransferProof | None:
    return _proofs().filter(token=token).first()


def proof_by_file(sha256: str) -> TransferProof | None:
    return _proofs().filter(sha256=sha256).first()


def is_ours(sha256: str) -> bool:
    """Whether the portal has signed exactly this file."""
    return any(model.objects.filter(sha256=sha256).exists() for model in (Document, TransferProof, Letter))


def letter_by_token(token: str) -> Letter | None:
    return Letter.objects.filter(token=token).first()


def letter_by_file(sha256: str) -> Letter | None:
    return Letter.objects.filter(sha256=sha256).first()


def _proofs() -> QuerySet[TransferProof]:
    return TransferProof.objects.select_related("certificate__person")
