"""Draws and signs a 调出证明. It may be repeated, and an unsigned file is never stored."""

from __future__ import annotations

from certificates.ecert.transfer_proof import Proof, render_proof
from certificates.issuing.orders import DOCUMENT_KINDS, DocumentKind
from certificates.models import TransferProof

from .services import seal_image, verification_address
from .signing_once import sign_once


def make_transfer_proof(proof_id: int) -> TransferProof:
    return sign_once(
        TransferProof.objects.select_related("certificate__person"),
        proof_id,
        what="transfer proof",
        file_name="proof.pdf",
        draw=lambda proof: render_proof(_as_printed(proof), seal_image()),
        reason=lambda _: "出具调出证明",
    )


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
