"""Starts a policy extension: at once, or on a second person's approval where it concerns many certificates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from accounts.models import User
from accounts.people.natural_persons import is_same_person
from administration.messages.services import OutgoingMessage, send
from administration.parameters.book import ParameterBook
from certificates.enums import PolicyState
from certificates.models import PolicyBatch
from common.findings import Finding, Refused
from common.jobs import enqueue
from workflow.actors import Actor

from .ends import concerned
from .services import note_audit

LIMIT = "policy_second_person_from"
ANOTHER = "另一名有“省厅审核”职责的工作人员"


@transaction.atomic
def start(batch_id: int, *, by: Actor, now: datetime | None = None) -> None:
    """Starts a draft, or asks a second person for approval. Raises Refused for anything else."""
    now = now or utc_now()
    batch = PolicyBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state == PolicyState.AWAITING:
        raise Refused(Finding("policy.awaiting", "该批次已经报批", "批准后自动执行，不需要再次操作。", turn=ANOTHER))
    if batch.state != PolicyState.DRAFT:
        raise Refused(Finding("policy.not_draft", f"该批次{PolicyState(batch.state).label}，不能再次执行"))
    count = concerned(batch).count()
    if count < limit_of(now):
        _run(batch, count, by, now)
        return
    batch.state, batch.asked_by_id, batch.asked_at = PolicyState.AWAITING, by.user_id, now
    batch.expected, batch.return_reason = count, ""
    batch.save(update_fields=["state", "asked_by", "asked_at", "expected", "return_reason"])
    note_audit("ask_policy_batch", batch, by)
    words = f"共 {count} 本证书，须由{ANOTHER}批准后执行。"
    tell(batch, f"政策延续待批准：{batch.document_number}", words)


def limit_of(now: datetime) -> int:
    """Answers from how many certificates on a second person has to approve."""
    return ParameterBook.load().integer(LIMIT, localdate(now))


@transaction.atomic
def approve(batch_id: int, *, seen: int | None, by: Actor, now: datetime | None = None) -> None:
    """`seen` is the number of certificates that the approver was shown. Raises Refused with every reason."""
    now = now or utc_now()
    batch = PolicyBatch.objects.select_for_update().get(pk=batch_id)
    found = _not_awaiting(batch)
    if not found and (finding := why_not_approve(batch, by)):
        found.append(finding)
    count = concerned(batch).count()
    if not found and count != seen:
        found.append(changed(seen, count))
    if found:
        raise Refused(*found)
    batch.approved_by_id, batch.approved_at = by.user_id, now
    batch.save(update_fields=["approved_by", "approved_at"])
    note_audit("approve_policy_batch", batch, by)
    _run(batch, count, by, now)


def changed(seen: int | None, count: int) -> Finding:
    said = f"您看到的是 {seen} 本，现在是 {count} 本。请核对后再批准。" if seen is not None else f"现在是 {count} 本。"
    return Finding("policy.changed", "涉及的证书刚才有变化", said, turn="批准人")


@transaction.atomic
def send_back(batch_id: int, *, reason: str, by: Actor) -> None:
    """Makes it a draft again, on the second person's reason. Raises Refused."""
    batch = PolicyBatch.objects.select_for_update().get(pk=batch_id)
    found = _not_awaiting(batch)
    if not found and (finding := why_not_approve(batch, by)):
        found.append(finding)
    found += without_reason(reason, "拟定人据此修改或者删除批次。")
    if found:
        raise Refused(*found)
    batch.state, batch.return_reason = PolicyState.DRAFT, said_by(by, reason)
    batch.save(update_fields=["state", "return_reason"])
    note_audit("return_policy_batch", batch, by)
    tell(batch, f"政策延续未获批准：{batch.document_number}", batch.return_reason)


def without_reason(reason: str, said: str) -> list[Finding]:
    """`said` is what becomes of the reason."""
    return [] if reason.strip() else [Finding("policy.reason_missing", "请填写不予批准的原因", said, turn="批准人")]


def said_by(by: Actor, reason: str) -> str:
    return f"{by.name}：{reason.strip()}"[:200]


@transaction.atomic
def recall(batch_id: int, *, by: Actor) -> None:
    """Makes it a draft again, without a reason, by whoever works at the province."""
    batch = PolicyBatch.objects.select_for_update().get(pk=batch_id)
    if found := _not_awaiting(batch):
        raise Refused(*found)
    batch.state = PolicyState.DRAFT
    batch.save(update_fields=["state"])
    note_audit("recall_policy_batch", batch, by)


def _not_awaiting(batch: PolicyBatch) -> list[Finding]:
    if batch.state == PolicyState.AWAITING:
        return []
    said = f"该批次{PolicyState(batch.state).label}"
    return [Finding("policy.not_awaiting", f"{said}，不在待批准", "可能刚刚由同事处理。", turn="")]


def why_not_approve(batch: PolicyBatch, by: Actor) -> Finding | None:
    """Four eyes: over natural persons, so that a second login of whoever drew it up or asked is no second person."""
    said = f"批次由您拟定或者报批（同一人的不同账号视为一人）。请由{ANOTHER}批准。"
    return second_person(by, [batch.created_by_id, batch.asked_by_id or 0], said)


def second_person(by: Actor, parties: Sequence[int], said: str) -> Finding | None:
    """Answers the finding that says `said` where the actor is, by any of his logins, one of the parties."""
    reader = User.objects.get(pk=by.user_id or 0)
    if any(is_same_person(reader, other) for other in User.objects.filter(pk__in=parties).order_by("pk")):
        return Finding("policy.second_person", "须由第二人批准", said, turn=ANOTHER)
    return None


def _run(batch: PolicyBatch, count: int, by: Actor, now: datetime) -> None:
    batch.state, batch.run_at, batch.expected, batch.return_reason = PolicyState.RUNNING, now, count, ""
    batch.save(update_fields=["state", "run_at", "expected", "return_reason"])
    note_audit("start_policy_batch", batch, by)
    enqueue("certificates.run_policy_batch", batch_id=batch.pk, lock=f"policy {batch.pk}")


def tell(batch: PolicyBatch, title: str, words: str) -> None:
    office = batch.created_by.office
    link = f"/office/policy/{batch.pk}/"
    send([OutgoingMessage(office.mailbox_id if office else None, title, words, link, event="office_work")])
