"""Draws and signs a version. It may be repeated: an existing document stays, and an unsigned file is never stored."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from certificates.ecert.face import Face
from certificates.ecert.render import render
from certificates.ecert.signing import signer_from_settings
from certificates.issuing.orders import DOCUMENT_KINDS, DocumentKind, noted, removed_on_error
from certificates.models import CertificateVersion, Document, DocumentOrder
from common.database.fields import EncryptedFileSystemStorage
from enterprises.enums import Post


def make_document(version_id: int) -> Document:
    """It may run twice at once. Raises `DocumentFailed` after noting the cause on the order."""
    version = CertificateVersion.objects.select_related("certificate").get(pk=version_id)
    known = Document.objects.filter(version=version).first()
    if known is not None:
        return known
    with noted(DocumentOrder.objects.filter(version=version), f"document of version {version_id}"):
        signed, signer = _draw_and_sign(version)
        return _store(version, signed, signer)


def _draw_and_sign(version: CertificateVersion) -> tuple[bytes, str]:
    signer = signer_from_settings()
    pdf = render(face_of(version), seal_image())
    signed = signer.sign(pdf, reason="签发电子证书", location=version.issuer_name, name=version.issuer_name)
    return signed, signer.certificate.fingerprint(hashes.SHA256()).hex()


def face_of(version: CertificateVersion) -> Face:
    """Answers what this version prints. Raises Refused naming everything that cannot be printed."""
    with EncryptedFileSystemStorage().open(version.photo) as photo:
        jpeg = photo.read()
    return Face(
        category=version.certificate.category,
        number=version.certificate.number,
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


def _store(version: CertificateVersion, signed: bytes, signer: str) -> Document:
    with transaction.atomic():
        order = DocumentOrder.objects.select_for_update().filter(version=version).first()
        known = Document.objects.filter(version=version).first()
        if known is not None:
            return known
        document = Document(version=version, sha256=hashlib.sha256(signed).hexdigest(), size=len(signed), signer=signer)
        with removed_on_error(document.file):
            document.file.save("certificate.pdf", ContentFile(signed), save=False)
            document.save()
            if order is not None:
                order.delete()
    return document


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
