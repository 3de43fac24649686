"""政策延续 (F26): one document extends every certificate that ends in a window, in the background, reversible as one.

Locks: batch → persons → enterprises → applications → certificates. Matching old records locks persons first and only takes a share of
the batch's key, which the chunks do not touch; the reversal of a batch locks the key, and so waits for the matching.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.models import Person
from administration.audit.services import record_audit
from administration.messages.services import OutgoingMessage, send
from certificates.enums import LegalState, Operation, PolicyOutcome, PolicyState
from certificates.issuing.versions import Reissue, reissue
from certificates.models import (
    Certificate,
    CertificateEvent,
    CertificateTerm,
    CertificateVersion,
    PolicyBatch,
    PolicyBatchRow,
)
from certificates.state.snapshots import refresh_for_people
from common.database.set_updates import update_rows
from common.dates import chinese_date, next_term_start
from common.findings import Finding, Refused
from workflow.actors import SYSTEM, Actor
from workflow.models import Application
from workflow.services.locking import PartiesChanged, lock_parties, lock_rows, retried

from .ends import CONCERNED, concerned, new_end_of
from .open_cases import LEFT_TO_ITS_CASE, close_needless, enterprises_of, requests_to_extend
from .preview import counts_of

CHUNK = 100
KIND = "policy_extension"
IN_WORK = (PolicyState.RUNNING, PolicyState.DONE, PolicyState.TO_REVERSE)


@transaction.atomic
def create_draft(batch: PolicyBatch, *, by: Actor) -> PolicyBatch:
    batch.state, batch.created_by_id = PolicyState.DRAFT, by.user_id or 0
    batch.save()
    note_audit("create_policy_batch", batch, by)
    return batch


@transaction.atomic
def discard_draft(batch_id: int, *, by: Actor) -> None:
    """Raises Refused for anything but a draft, which has changed nothing yet."""
    batch = PolicyBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state != PolicyState.DRAFT:
        raise Refused(Finding("policy.not_draft", f"该批次{PolicyState(batch.state).label}，不能删除"))
    note_audit("discard_policy_batch", batch, by)
    batch.delete()


def note_audit(action: str, batch: PolicyBatch, by: Actor) -> None:
    detail: dict[str, object] = {
        "document_number": batch.reversal_document or batch.document_number,
        "window": f"{batch.window_from} – {batch.window_to}",
    }
    record_audit(
        action=action,
        actor_id=by.user_id,
        actor_name=by.name,
        sphere="staff",
        object_type="certificates.policybatch",
        object_id=batch.pk,
        detail=detail,
    )


def run_batch(batch_id: int, *, now: datetime | None = None) -> None:
    """Runs chunk after chunk until nothing is left, and continues a run that was killed."""
    in_chunks(batch_id, run_chunk, now)


def in_chunks(batch_id: int, chunk: Callable[..., int | None], now: datetime | None) -> None:
    try:
        while chunk(batch_id, now=now) is not None:
            pass
    except Exception as error:
        words = f"{type(error).__name__}: {error}"[:500]
        PolicyBatch.objects.filter(pk=batch_id).update(error=words)
        raise


@transaction.atomic
def run_chunk(batch_id: int, *, now: datetime | None = None) -> int | None:
    """Extends the next certificates of the window and answers how many; None when the batch is done."""
    now = now or utc_now()
    # no_key lets the matching of old records go on meanwhile.
    batch = PolicyBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    if batch.state != PolicyState.RUNNING:
        return None
    left = concerned(batch).exclude(policy_rows__batch=batch).order_by("ends_on", "pk")
    chunk = list(left.values_list("pk", "person_id", "enterprise_id")[:CHUNK])
    if not chunk:
        finish(batch, PolicyState.DONE, "政策延续已执行完毕", now)
        return None
    retried(lambda: _extend_chunk(batch, chunk, now))
    batch.counts, batch.error = counts_of(batch), ""
    batch.save(update_fields=["counts", "error"])
    return len(chunk)


def _extend_chunk(batch: PolicyBatch, chunk: Sequence[tuple[int, int, int]], now: datetime) -> None:
    """Raises `PartiesChanged` where an application was filed before the locks that has other enterprises."""
    ids = [row[0] for row in chunk]
    sides = enterprises_of(requests_to_extend(ids).values())
    lock_parties(person_ids=[row[1] for row in chunk], enterprise_ids={row[2] for row in chunk} | sides)
    if not enterprises_of(requests_to_extend(ids).values()) <= sides:
        raise PartiesChanged
    _apply(batch, ids, now)


def finish(batch: PolicyBatch, state: PolicyState, title: str, now: datetime) -> None:
    batch.state, batch.finished_at, batch.counts, batch.error = state, now, counts_of(batch), ""
    batch.save(update_fields=["state", "finished_at", "counts", "error"])
    office = batch.created_by.office
    words = "，".join(f"{PolicyOutcome(outcome).label} {count} 本" for outcome, count in batch.counts.items())
    link = f"/office/policy/{batch.pk}/"
    send(
        [
            OutgoingMessage(
                office.mailbox_id if office else None,
                f"{title}：{batch.document_number}",
                f"{words}。",
                link,
                event="office_work",
            )
        ]
    )


def apply_policies(certificate_ids: Collection[int], *, now: datetime | None = None) -> int:
    """Applies former batches to certificates made from old records. The caller has locked the persons.

    The batches follow in the order in which they ran: a certificate that one extends may lie in the window of the next.
    """
    now = now or utc_now()
    applied = 0
    for batch in _in_work():
        ids = list(concerned(batch).filter(pk__in=certificate_ids).values_list("pk", flat=True))
        if ids:
            applied += _apply(batch, ids, now)
    return applied


def _in_work() -> list[PolicyBatch]:
    """Takes a share of the batches' keys: the reversal of one of them waits until this transaction is done."""
    states = [state.value for state in IN_WORK]
    sql = "SELECT * FROM certificates_policybatch WHERE state = ANY(%s) ORDER BY run_at, id FOR KEY SHARE"
    return list(PolicyBatch.objects.raw(sql, [states]))


def _apply(batch: PolicyBatch, certificate_ids: Collection[int], now: datetime) -> int:
    """Checks the certificates again under the locks, and leaves out those that have their row already."""
    done = set(
        PolicyBatchRow.objects.filter(batch=batch, certificate__in=certificate_ids).values_list(
            "certificate_id", flat=True
        )
    )
    left = set(certificate_ids) - done
    requests = requests_to_extend(left)
    lock_rows(Application, requests.values(), only=["pk"])
    certificates = [one for one in lock_rows(Certificate, left) if _still_fits(one, batch)]
    rows = [
        PolicyBatchRow(batch=batch, certificate=one, old_end=one.ends_on, old_state=one.legal_state)
        for one in certificates
    ]
    granted = []
    for row in rows:
        row.refusal = refusal_of(row.certificate, batch)
        if not row.refusal and row.certificate_id in requests and new_end_of(batch, row.old_end) < localdate(now):
            row.refusal = LEFT_TO_ITS_CASE
        row.outcome = PolicyOutcome.REFUSED if row.refusal else PolicyOutcome.EXTENDED
        if not row.refusal:
            granted.append(row)
    _extend(batch, granted, now)
    close_needless(batch, granted, requests, now)
    PolicyBatchRow.objects.bulk_create(rows)
    return len(granted)


def _still_fits(certificate: Certificate, batch: PolicyBatch) -> bool:
    fits = batch.window_from <= certificate.ends_on <= batch.window_to and certificate.legal_state in CONCERNED
    return fits and (not batch.categories or certificate.category in batch.categories)


def refusal_of(certificate: Certificate, batch: PolicyBatch) -> str:
    """Answers "" for a certificate that the batch extends, but for what an open application about it says."""
    if certificate.legal_state == LegalState.SUSPENDED:
        return "证书被暂扣"
    if new_end_of(batch, certificate.ends_on) <= certificate.ends_on:
        return "原有效期止不早于新的有效期止"
    return ""


def _extend(batch: PolicyBatch, rows: Sequence[PolicyBatchRow], now: datetime) -> None:
    terms = []
    for row in rows:
        certificate, end = row.certificate, new_end_of(batch, row.old_end)
        terms.append(CertificateTerm(certificate=certificate, starts_on=next_term_start(row.old_end), ends_on=end))
        certificate.ends_on = end
        if end >= localdate(now):
            certificate.legal_state = LegalState.VALID
    CertificateTerm.objects.bulk_create(terms)
    people = Person.objects.in_bulk({row.certificate.person_id for row in rows})
    versions = record(
        [
            Change(
                certificate=row.certificate,
                term=term,
                operation=Operation.EXTENSION,
                summary=f"政策延续至{chinese_date(term.ends_on)}：{batch.reason}"[:300],
                document_number=batch.document_number,
                state_before=row.old_state,
                is_issued=_may_issue(row.certificate, people[row.certificate.person_id], localdate(now)),
            )
            for row, term in zip(rows, terms, strict=True)
        ],
        now,
    )
    for row, term in zip(rows, terms, strict=True):
        row.term, row.version = term, versions.get(row.certificate_id)


def _may_issue(certificate: Certificate, person: Person, today: date) -> bool:
    """A version cannot be printed without a photo, nor while the certificate is still past its end."""
    return person.has_id_photo and certificate.legal_state == LegalState.VALID and certificate.ends_on >= today


@dataclass(frozen=True)
class Change:
    """Holds a certificate with its new dates already set, and the term that counts now."""

    certificate: Certificate
    term: CertificateTerm
    operation: Operation
    summary: str
    document_number: str
    state_before: str
    is_issued: bool


def record(changes: Sequence[Change], now: datetime) -> dict[int, CertificateVersion]:
    """Writes versions where they are issued, and only the trail elsewhere. Maps a certificate to its version."""
    issued = [change for change in changes if change.is_issued]
    versions = reissue([_order(change) for change in issued], by=SYSTEM, now=now) if issued else []
    silent = [change for change in changes if not change.is_issued]
    CertificateEvent.objects.bulk_create(_event(change, now) for change in silent)
    update_rows([change.certificate for change in silent], ["ends_on", "legal_state"])
    refresh_for_people({change.certificate.person_id for change in silent}, now=now)
    return {version.certificate_id: version for version in versions}


def _order(change: Change) -> Reissue:
    return Reissue(
        certificate=change.certificate,
        term=change.term,
        operation=change.operation,
        valid_from=change.term.starts_on,
        kind=KIND,
        summary=change.summary,
        state_before=change.state_before,
        document_number=change.document_number,
    )


def _event(change: Change, now: datetime) -> CertificateEvent:
    return CertificateEvent(
        certificate=change.certificate,
        at=now,
        effective_on=localdate(now),
        operation=change.operation,
        state_before=change.state_before,
        state_after=change.certificate.legal_state,
        kind=KIND,
        summary=change.summary,
        document_number=change.document_number,
    )
