"""Runs the background jobs that draw and sign documents."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from certificates.models import DocumentOrder
from common.jobs import enqueue_many, periodic, task

from .services import DocumentFailed, make_document
from .transfer_proofs import make_transfer_proof

PATIENCE = timedelta(minutes=5)
BATCH = 500


@task("certificates.make_documents", queue="documents", formerly=["certificates.tasks.make_documents"])
def make_documents(version_ids: list[int]) -> None:
    """A document that fails does not stop the others, and makes the job run again."""
    failed = []
    for version_id in version_ids:
        try:
            make_document(version_id)
        except DocumentFailed as error:
            failed.append(str(error))
    if failed:
        raise DocumentFailed("; ".join(failed))


@task("certificates.make_transfer_proofs", queue="documents", formerly=["certificates.tasks.make_transfer_proofs"])
def make_transfer_proofs(proof_ids: list[int]) -> None:
    failed = []
    for proof_id in proof_ids:
        try:
            make_transfer_proof(proof_id)
        except DocumentFailed as error:
            failed.append(str(error))
    if failed:
        raise DocumentFailed("; ".join(failed))


@periodic("*/10 * * * *")
@task(
    "certificates.order_late_documents",
    queueing_lock="order_late_documents",
    formerly=["certificates.tasks.order_late_documents"],
)
def order_late_documents(timestamp: int) -> None:
    """Queues orders again whose job is gone, so that every certificate gets its document."""
    late = (
        DocumentOrder.objects.filter(ordered_at__lt=now() - PATIENCE)
        .order_by("pk")
        .values_list("version_id", flat=True)[:BATCH]
    )
    enqueue_many("certificates.make_documents", [{"version_ids": [pk]} for pk in late])
