"""Runs the background jobs that draw and sign documents."""

from __future__ import annotations

from django.utils.timezone import now

from certificates.ecert import render
from certificates.issuing.orders import late, make_each, make_late
from common.jobs import enqueue, periodic, task
from common.operation.preparing import PREPARATIONS

from .letters import make_letter
from .services import make_documents_of
from .transfer_proofs import make_transfer_proof

LATE = "late documents"
PREPARATIONS.append(render.prepare)


@task("certificates.make_documents", queue="documents", formerly=["certificates.tasks.make_documents"])
def make_documents(version_ids: list[int]) -> None:
    """A document that fails does not stop the others, and makes the job run again."""
    make_documents_of(version_ids)


@task("certificates.make_transfer_proofs", queue="documents", formerly=["certificates.tasks.make_transfer_proofs"])
def make_transfer_proofs(proof_ids: list[int]) -> None:
    make_each(make_transfer_proof, proof_ids)


@task("certificates.make_letters", queue="documents")
def make_letters(letter_ids: list[int]) -> None:
    make_each(make_letter, letter_ids)


@task("certificates.make_late_documents", queue="documents", lock=LATE, queueing_lock=LATE)
def make_late_documents() -> None:
    """It does not fail when a document does: the order says why, and comes again after a pause."""
    if make_late():
        enqueue("certificates.make_late_documents")


@periodic("*/10 * * * *")
@task(
    "certificates.order_late_documents",
    queueing_lock="order_late_documents",
    formerly=["certificates.tasks.order_late_documents"],
)
def order_late_documents(timestamp: int) -> None:
    """Sees to orders of every kind whose job is gone; one job for all of them waits at most."""
    if late(now()):
        enqueue("certificates.make_late_documents")
