from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from administration.nightly import run_nightly
from certificates.bulk_extension.reversal import reverse_batch
from certificates.bulk_extension.services import run_batch
from certificates.models import DocumentOrder
from certificates.renaming.services import resume, run_block
from common.jobs import daily, enqueue_many, periodic, task

from .services import DocumentFailed, make_document
from .transfer_proofs import make_transfer_proof

PATIENCE = timedelta(minutes=5)
BATCH = 500


@task(queue="documents")
def make_documents(version_ids: list[int]) -> None:
    """Each on its own: one that fails does not hold up the others, and makes the job run again."""
    failed = []
    for version_id in version_ids:
        try:
            make_document(version_id)
        except DocumentFailed as error:
            failed.append(str(error))
    if failed:
        raise DocumentFailed("; ".join(failed))


@task(queue="documents")
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
@task(queueing_lock="order_late_documents")
def order_late_documents(timestamp: int) -> None:
    """No certificate stays without its document for good: orders whose job is gone are queued again."""
    late = (
        DocumentOrder.objects.filter(ordered_at__lt=now() - PATIENCE)
        .order_by("pk")
        .values_list("version_id", flat=True)[:BATCH]
    )
    enqueue_many(make_documents, [{"version_ids": [pk]} for pk in late])


@daily(1, 20)
@task(queueing_lock="end_suspensions")
def end_suspensions_daily(timestamp: int) -> None:
    run_nightly("suspension_ends")


@daily(1, 40)
@task(queueing_lock="expire_certificates")
def expire_daily(timestamp: int) -> None:
    run_nightly("certificate_expiry")


@daily(2, 0)
@task(queueing_lock="remind_of_ends")
def remind_daily(timestamp: int) -> None:
    run_nightly("certificate_reminders")


@daily(2, 30)
@task(queueing_lock="refresh_snapshots")
def refresh_snapshots_daily(timestamp: int) -> None:
    run_nightly("certificate_snapshots")


@task()
def run_policy_batch(batch_id: int) -> None:
    """Goes on where a killed worker stopped."""
    run_batch(batch_id)


@task()
def reverse_policy_batch(batch_id: int) -> None:
    reverse_batch(batch_id)


@task()
def run_rename_block(application_id: int) -> None:
    """About a hundred certificates; it orders the next itself."""
    run_block(application_id)


@periodic("*/10 * * * *")
@task(queueing_lock="resume_renames")
def resume_renames(timestamp: int) -> None:
    resume(before=now() - PATIENCE)
