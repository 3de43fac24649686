"""Starts the reversal of a policy extension: at once, or on a second person's approval where it concerns many certificates."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now as utc_now

from certificates.enums import PolicyOutcome, PolicyState
from certificates.models import PolicyBatch, PolicyBatchRow
from common.findings import Finding, Refused
from common.jobs import enqueue
from workflow.actors import Actor

from .services import note_audit
from .starting import ANOTHER, changed, limit_of, said_by, second_person, tell, without_reason

REVERSAL_FIELDS = ("state", "reversal_document", "reversal_asked_by", "reversal_asked_at", "return_reason")


def to_take_back(batch: PolicyBatch) -> int:
    """Answers how many certificates the reversal concerns."""
    return PolicyBatchRow.objects.filter(batch=batch, outcome=PolicyOutcome.EXTENDED).count()


@transaction.atomic
def reverse(batch_id: int, *, document_number: str, by: Actor, now: datetime | None = None) -> None:
    """Starts it, or asks a second person for approval. Raises Refused unless the batch has run. The worker does the rest;
    what depends on the new terms stays and is listed.
    """
    now = now or utc_now()
    # The lock includes the key: it waits for old records in matching, and later ones see the new state.
    batch = PolicyBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state == PolicyState.TO_REVERSE:
        said = "批准后自动撤回，不需要再次操作。"
        raise Refused(Finding("policy.reversal_awaiting", "该批次的撤回已经报批", said, turn=ANOTHER))
    if batch.state != PolicyState.DONE:
        raise Refused(
            Finding("policy.not_done", f"该批次{PolicyState(batch.state).label}，不能撤回", "执行完毕后才能撤回。")
        )
    if not document_number.strip():
        raise Refused(Finding("policy.document_missing", "请填写撤回的文号", "撤回也须有依据。"))
    batch.reversal_document, count = document_number, to_take_back(batch)
    if count < limit_of(now):
        batch.reversal_asked_by, batch.reversal_asked_at = None, None
        _run(batch, by, now)
        return
    batch.state, batch.reversal_asked_by_id, batch.reversal_asked_at = PolicyState.TO_REVERSE, by.user_id, now
    batch.return_reason = ""
    batch.save(update_fields=REVERSAL_FIELDS)
    note_audit("ask_policy_reversal", batch, by)
    words = f"共 {count} 本证书的有效期将恢复原来的日期，须由{ANOTHER}批准后撤回。"
    tell(batch, f"撤回政策延续待批准：{batch.document_number}", words)


@transaction.atomic
def approve_reversal(batch_id: int, *, seen: int | None, by: Actor, now: datetime | None = None) -> None:
    """`seen` is the number of certificates that the approver was shown. Raises Refused with every reason."""
    batch = PolicyBatch.objects.select_for_update().get(pk=batch_id)
    found = _not_asked(batch)
    if not found and (finding := why_not_approve_reversal(batch, by)):
        found.append(finding)
    count = to_take_back(batch)
    if not found and count != seen:
        found.append(changed(seen, count))
    if found:
        raise Refused(*found)
    note_audit("approve_policy_reversal", batch, by)
    _run(batch, by, now or utc_now())


@transaction.atomic
def send_back_reversal(batch_id: int, *, reason: str, by: Actor) -> None:
    """Leaves the batch as it has run, on the second person's reason. Raises Refused."""
    batch = PolicyBatch.objects.select_for_update().get(pk=batch_id)
    found = _not_asked(batch)
    if not found and (finding := why_not_approve_reversal(batch, by)):
        found.append(finding)
    found += without_reason(reason, "报批人据此重新报批，或者不再撤回。")
    if found:
        raise Refused(*found)
    note_audit("return_policy_reversal", batch, by)
    batch.return_reason = said_by(by, reason)
    _leave(batch)
    tell(batch, f"撤回政策延续未获批准：{batch.document_number}", batch.return_reason)


@transaction.atomic
def recall_reversal(batch_id: int, *, by: Actor) -> None:
    """Leaves the batch as it has run, without a reason, by whoever works at the province."""
    batch = PolicyBatch.objects.select_for_update().get(pk=batch_id)
    if found := _not_asked(batch):
        raise Refused(*found)
    note_audit("recall_policy_reversal", batch, by)
    _leave(batch)


def why_not_approve_reversal(batch: PolicyBatch, by: Actor) -> Finding | None:
    """Four eyes: over natural persons, so that a second login of whoever asked is no second person."""
    said = f"撤回由您报批（同一人的不同账号视为一人）。请由{ANOTHER}批准。"
    return second_person(by, [batch.reversal_asked_by_id or 0], said)


def _not_asked(batch: PolicyBatch) -> list[Finding]:
    if batch.state == PolicyState.TO_REVERSE:
        return []
    said = f"该批次{PolicyState(batch.state).label}"
    return [Finding("policy.reversal_not_awaiting", f"{said}，没有待批准的撤回", "可能刚刚由同事处理。", turn="")]


def _leave(batch: PolicyBatch) -> None:
    batch.state, batch.reversal_document = PolicyState.DONE, ""
    batch.reversal_asked_by, batch.reversal_asked_at = None, None
    batch.save(update_fields=REVERSAL_FIELDS)


def _run(batch: PolicyBatch, by: Actor, now: datetime) -> None:
    batch.state, batch.return_reason = PolicyState.REVERSING, ""
    batch.reversed_at, batch.reversed_by_id = now, by.user_id
    batch.save(update_fields=[*REVERSAL_FIELDS, "reversed_at", "reversed_by"])
    note_audit("reverse_policy_batch", batch, by)
    enqueue("certificates.reverse_policy_batch", batch_id=batch.pk, lock=f"policy {batch.pk}")
