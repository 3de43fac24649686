"""Reverses a policy extension as a whole: terms are reversed, printed versions superseded, nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.models import Person
from administration.calendar.working_days import load_working_days
from administration.messages.services import OutgoingMessage, send
from certificates.enums import LegalState, Operation, PolicyOutcome, PolicyState
from certificates.facts.terms import current_terms
from certificates.models import Certificate, CertificateTerm, CertificateVersion, PolicyBatch, PolicyBatchRow
from common.database.set_updates import update_rows
from common.dates import chinese_date
from workflow.services.locking import lock_parties, lock_rows

from .ends import CONCERNED
from .preview import counts_of
from .services import CHUNK, Change, finish, in_chunks, record


def reverse_batch(batch_id: int, *, now: datetime | None = None) -> None:
    in_chunks(batch_id, reverse_chunk, now)


@transaction.atomic
def reverse_chunk(batch_id: int, *, now: datetime | None = None) -> int | None:
    now = now or utc_now()
    batch = PolicyBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    if batch.state != PolicyState.REVERSING:
        return None
    extended = PolicyBatchRow.objects.filter(batch=batch, outcome=PolicyOutcome.EXTENDED).order_by("pk")
    chunk = list(
        extended.values_list("pk", "certificate_id", "certificate__person_id", "certificate__enterprise_id")[:CHUNK]
    )
    if not chunk:
        finish(batch, PolicyState.REVERSED, "政策延续已撤回", now)
        return None
    lock_parties(person_ids=[row[2] for row in chunk], enterprise_ids=[row[3] for row in chunk])
    certificates = {one.pk: one for one in lock_rows(Certificate, [row[1] for row in chunk])}
    rows = list(PolicyBatchRow.objects.filter(pk__in=[row[0] for row in chunk]).select_related("term").order_by("pk"))
    _take_back(batch, rows, certificates, now)
    batch.counts, batch.error = counts_of(batch), ""
    batch.save(update_fields=["counts", "error"])
    return len(rows)


def _take_back(
    batch: PolicyBatch, rows: Sequence[PolicyBatchRow], certificates: Mapping[int, Certificate], now: datetime
) -> None:
    latest, last_days = current_terms(certificates.values()), load_working_days()
    free = []
    for row in rows:
        row.certificate = certificates[row.certificate_id]
        row.refusal = _why_kept(row, latest[row.certificate_id], last_days.next_workday(row.old_end), localdate(now))
        row.outcome = PolicyOutcome.KEPT if row.refusal else PolicyOutcome.REVERSED
        if not row.refusal:
            free.append(row)
    terms = [row.term for row in free if row.term is not None]
    for term in terms:
        term.reversed_at = now
    update_rows(terms, ["reversed_at"])
    printed = _printed_on(terms)
    before = current_terms(row.certificate for row in free)
    changes = [_back(batch, row, before[row.certificate_id], row.certificate_id in printed) for row in free]
    record(changes, now)
    update_rows(rows, ["outcome", "refusal"])
    _tell_to_apply_again(batch, [row for row in free if row.closed_id is not None])


def _tell_to_apply_again(batch: PolicyBatch, rows: Sequence[PolicyBatchRow]) -> None:
    people = Person.objects.in_bulk([row.certificate.person_id for row in rows]) if rows else {}
    send(
        OutgoingMessage(
            people[row.certificate.person_id].mailbox_id,
            f"证书有效期恢复：{row.certificate.number}",
            f"{batch.document_number}的统一延续已撤回，有效期恢复为{chinese_date(row.old_end)}。"
            "原来的延续申请已因统一延续终止，需要延续的，请在有效期届满前重新申请。",
            f"/person/certificates/{row.certificate_id}/",
            event="case_progress",
        )
        for row in rows
    )


def _why_kept(row: PolicyBatchRow, latest: CertificateTerm, last_day: date, today: date) -> str:
    """Answers "" where the term is taken back. Whoever was to be extended on an application that the batch ended, and can
    no longer apply for it, keeps the new term.
    """
    if latest.pk == row.term_id:
        return "延续申请因本批次终止，现在已过重新申请的时间" if row.closed_id and last_day < today else ""
    if row.term is not None and latest.starts_on > row.term.ends_on:
        return f"之后已延续至{chinese_date(latest.ends_on)}，不能撤回"
    return "有效期之后已更正，不能撤回"


def _printed_on(terms: Sequence[CertificateTerm]) -> set[int]:
    """Answers the certificates whose latest version prints a reversed term and so needs a new version."""
    versions = CertificateVersion.objects.filter(term__in=terms).select_related("certificate")
    return {one.certificate_id for one in versions if one.version == one.certificate.latest_version}


def _back(batch: PolicyBatch, row: PolicyBatchRow, term: CertificateTerm, is_printed: bool) -> Change:
    certificate = row.certificate
    state = certificate.legal_state
    certificate.ends_on = row.old_end
    # A decision has ended it meanwhile, and stands.
    if state in (LegalState.VALID, LegalState.EXPIRED):
        certificate.legal_state = row.old_state
    return Change(
        certificate=certificate,
        term=term,
        operation=Operation.OTHER,
        summary=f"撤回政策延续（{batch.document_number}），有效期恢复为{chinese_date(row.old_end)}",
        document_number=batch.reversal_document,
        state_before=state,
        is_issued=is_printed and certificate.legal_state in CONCERNED,
    )
