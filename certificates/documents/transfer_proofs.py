"""Draws and signs a 调出证明. It may be repeated, and an unsigned file is never stored."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives import hashes
from django.core.files.base import ContentFile
from django.db import transaction

from certificates.ecert.signing import signer_from_settings
from certificates.ecert.transfer_proof import Proof, render_proof
from certificates.issuing.orders import DOCUMENT_KINDS, DocumentKind, noted, removed_on_error
from certificates.models import TransferProof

from .services import seal_image, verification_address


def make_transfer_proof(proof_id: int) -> TransferProof:
    """Raises `DocumentFailed` after noting the cause on the row."""
    proof = TransferProof.objects.select_related("certificate__person").get(pk=proof_id)
    if proof.file:
        return proof
    with noted(TransferProof.objects.filter(pk=proof_id), f"transfer proof {proof_id}"):
        signer = signer_from_settings()
        pdf = render_proof(_as_printed(proof), seal_image())
        signed = signer.sign(pdf, reason="出具调出证明", location=proof.issuer_name, name=proof.issuer_name)
        return _store(proof_id, signed, signer.certificate.fingerprint(hashes.SHA256()).hex())


def _store(proof_id: int, signed: bytes, signer: str) -> TransferProof:
    with transaction.atomic():
        locked = TransferProof.objects.select_for_update(no_key=True).get(pk=proof_id)
        if locked.file:
            return locked
        with removed_on_error(locked.file):
            locked.file.save("proof.pdf", ContentFile(signed), save=False)
            locked.sha256 = hashlib.sha256(signed).hexdigest()
            locked.signer = signer
            locked.save(update_fields=["file", "sha256", "signer"])
    return locked


def _as_printed(proof: TransferProof) -> Proof:
    certificate = proof.certificate
    return Proof(
        number=certificate.number,
        name=certificate.person.name,
        sex=certificate.person.get_sex_display(),
        category_label=certificate.get_category_display(),
        enterprise_name=certificate.enterprise_name,
        valid_to=certificate.ends_on,
        destination=proof.destination,
        new_enterprise=proof.new_enterprise,
        issuer_name=proof.issuer_name,
        issued_on=proof.issued_on,
        url=verification_address(proof.token),
    )


DOCUMENT_KINDS.register(
    "transfer_proof",
    DocumentKind(
        "调出证明",
        waiting=lambda: TransferProof.objects.filter(file="", undone_at=None),
        key="pk",
        make=make_transfer_proof,
        certificate="certificate",
        application="event__application",
    ),
)
