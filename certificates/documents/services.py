"""Draws and signs versions. It may be repeated: an existing document stays, and an unsigned file is never stored."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction

from certificates.ecert.face import Face
from certificates.ecert.render import render
from certificates.ecert.signing import signer_from_settings
from certificates.facts.former_numbers import number_printed
from certificates.issuing.orders import (
    DOCUMENT_KINDS,
    DocumentFailed,
    DocumentKind,
    failures,
    noted,
    removed_on_error,
)
from certificates.models import CertificateVersion, Document, DocumentOrder
from common.database.fields import EncryptedFileSystemStorage
from enterprises.enums import Post

logger = logging.getLogger(__name__)


GROUP = 25
"""So many documents are written by one transaction; a worker that is killed loses no more."""


def make_document(version_id: int) -> Document:
    """It may run twice at once. Raises `DocumentFailed` after noting the cause on the order."""
    version = CertificateVersion.objects.select_related("certificate").get(pk=version_id)
    known = Document.objects.filter(version=version).first()
    if known is not None:
        return known
    with noted_for(version):
        document = _signed(version)
        # A file is removed only before the COMMIT: where the answer to it is lost, the row may be there.
        with transaction.atomic(), removed_on_error(document.file):
            return _store(document)


def make_documents_of(version_ids: Sequence[int]) -> None:
    """Makes many with the statements of a few. A document that fails does not stop the others. Raises `DocumentFailed`
    at the end.
    """
    failed: list[str] = []
    for start in range(0, len(version_ids), GROUP):
        failed += _make_group(version_ids[start : start + GROUP])
    if failed:
        raise DocumentFailed("; ".join(failed))


def _make_group(version_ids: Sequence[int]) -> list[str]:
    """Answers why some are not made."""
    failed, made = [], []
    open_ones = CertificateVersion.objects.filter(pk__in=version_ids, document=None)
    try:
        with ExitStack() as files:
            for version in open_ones.select_related("certificate").order_by("pk"):
                try:
                    with noted_for(version):
                        document = _signed(version)
                except DocumentFailed as error:
                    failed.append(str(error))
                else:
                    files.enter_context(removed_on_error(document.file))
                    made.append(document)
            with transaction.atomic():
                _store_all(made)
                files.pop_all().close()  # they stay, even where the answer to the COMMIT is lost
    except DatabaseError:
        # One row may be to blame: each on its own, the others are made and this one says why it is not.
        logger.exception("a group of documents is not written at once")
        failed += failures(make_document, [document.version_id for document in made])
    return failed


def noted_for(version: CertificateVersion) -> AbstractContextManager[None]:
    return noted(DocumentOrder.objects.filter(version=version), f"document of version {version.pk}")


def _signed(version: CertificateVersion) -> Document:
    """Answers the document with its file stored, but not its row."""
    signer = signer_from_settings()
    pdf = render(face_of(version), seal_image())
    signed = signer.sign(pdf, reason="签发电子证书", location=version.issuer_name, name=version.issuer_name)
    document = Document(
        version=version,
        sha256=hashlib.sha256(signed).hexdigest(),
        size=len(signed),
        signer=signer.certificate.fingerprint(hashes.SHA256()).hex(),
    )
    document.file.save("certificate.pdf", ContentFile(signed), save=False)
    return document


def face_of(version: CertificateVersion) -> Face:
    """Answers what this version prints. Raises Refused naming everything that cannot be printed."""
    with EncryptedFileSystemStorage().open(version.photo) as photo:
        jpeg = photo.read()
    number, category = number_printed(version)
    return Face(
        category=category,
        number=number,
        name=version.name,
        sex=version.get_sex_display(),
        birth_date=version.birth_date,
        enterprise_name=version.enterprise_name,
        post=Post(version.post).label,
        first_issued_on=version.first_issued_on,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        issuer_name=version.issuer_name,
        issued_on=version.issued_on,
        photo_jpeg=jpeg,
        qr_url=verification_address(version.token),
        identifier=version.identifier,
        version_no=version.version,
    )


def seal_image() -> bytes | None:
    """Answers the configured seal; with None the renderer draws one."""
    return _read_seal(settings.ECERT_SEAL)


@lru_cache(maxsize=2)
def _read_seal(path: str) -> bytes | None:
    return Path(path).read_bytes() if path else None


def verification_address(token: str) -> str:
    """The QR code leads to this address."""
    return f"{settings.PUBLIC_BASE_URL}/v/{token}/"


def _store(document: Document) -> Document:
    """Another worker may have been faster; then its document stays."""
    order = DocumentOrder.objects.select_for_update().filter(version=document.version).first()
    known = Document.objects.filter(version=document.version).first()
    if known is not None:
        _remove_file(document)
        return known
    document.save()
    if order is not None:
        order.delete()
    return document


def _store_all(documents: Sequence[Document]) -> None:
    """Does for many what `_store` does for one."""
    ids = [document.version_id for document in documents]
    orders = list(DocumentOrder.objects.select_for_update().filter(version__in=ids).order_by("pk"))
    known = set(Document.objects.filter(version__in=ids).order_by("pk").values_list("version_id", flat=True))
    Document.objects.bulk_create(document for document in documents if document.version_id not in known)
    DocumentOrder.objects.filter(pk__in=[order.pk for order in orders]).delete()
    for document in documents:
        if document.version_id in known:
            _remove_file(document)


def _remove_file(document: Document) -> None:
    document.file.storage.delete(document.file.name or "")


DOCUMENT_KINDS.register(
    "certificate",
    DocumentKind(
        "电子证书",
        waiting=lambda: DocumentOrder.objects.all(),
        key="version_id",
        make=make_document,
        certificate="version__certificate",
        application="version__application",
    ),
)
