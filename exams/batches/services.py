"""Writes exam batches: they are drafted, announced and called off."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from common.database.set_updates import update_rows
from common.dates import chinese_date
from common.findings import Finding, Refused
from common.text.said import said, too_long
from exams.enums import MARKED, PENDING, BatchStatus, EntryState
from exams.models import ExamBatch, ExamEntry
from exams.permissions import why_not_manage
from exams.results.bars import lift
from exams.sign_up.places import release_seats
from workflow.actors import Actor
from workflow.services.auditing import author_of
from workflow.services.locking import lock_rows

MAX_REASON = 300


def _authorised(by: Actor) -> None:
    if sentence := why_not_manage(by):
        raise Refused(Finding("exam.not_yours", sentence))


@transaction.atomic
def create_batch(batch: ExamBatch, *, by: Actor, now: datetime | None = None) -> ExamBatch:
    """Stores an unsaved batch as a draft, which nobody outside the office sees. Raises Refused with every reason."""
    _authorised(by)
    batch.created_by_id, batch.created_at = by.user_id, now or utc_now()
    batch.exam_to = batch.exam_to or batch.exam_from
    _check(batch)
    batch.save()
    _audit("exam_batch.create", batch, by)
    return batch


@transaction.atomic
def change_batch(batch_id: int, *, by: Actor, **values: object) -> ExamBatch:
    """A draft may change in every field, an announced batch only in site, note, organiser and a larger quota."""
    _authorised(by)
    batch = _locked(batch_id)
    if batch.status == BatchStatus.CALLED_OFF:
        raise Refused(Finding("exam.called_off", "该批次已取消，不能修改"))
    known = {name: getattr(batch, name) for name in values}
    changed = {name for name, value in values.items() if known[name] != value}
    if batch.status == BatchStatus.ANNOUNCED and (fixed := changed - {"site", "note", "quota", "organiser"}):
        words = "、".join(sorted(str(ExamBatch._meta.get_field(name).verbose_name) for name in fixed))  # type: ignore[union-attr]
        detail = f"企业已按公布的内容报名，{words}不能再改。需要改期的，请取消后重新公布。"
        raise Refused(Finding("exam.announced", "批次已公布", detail))
    for name, value in values.items():
        setattr(batch, name, value)
    if batch.quota < batch.taken:
        detail = f"已有 {batch.taken} 人占用名额。"
        raise Refused(Finding("exam.quota", "名额不能少于已报名人数", detail))
    _check(batch)
    batch.save()
    _audit("exam_batch.change", batch, by, changed=sorted(changed))
    return batch


def _audit(action: str, batch: ExamBatch, by: Actor, **detail: object) -> None:
    told: dict[str, object] = {"batch": batch.name, "acting_for": by.acting_for, **detail}
    record_audits(action, [(ExamBatch._meta.label_lower, batch.pk, told)], by=author_of(by))


def _check(batch: ExamBatch) -> None:
    try:
        batch.full_clean()
    except ValidationError as error:
        raise Refused(*(Finding("exam.batch", sentence) for sentence in error.messages)) from error


def _locked(batch_id: int) -> ExamBatch:
    return ExamBatch.objects.select_for_update(no_key=True).get(pk=batch_id)


@transaction.atomic
def announce_batch(batch_id: int, *, by: Actor, now: datetime | None = None) -> ExamBatch:
    _authorised(by)
    batch = _locked(batch_id)
    if batch.status != BatchStatus.DRAFT:
        raise Refused(Finding("exam.announced", f"该批次{batch.get_status_display()}，不需要再次公布"))
    batch.status, batch.announced_at = BatchStatus.ANNOUNCED, now or utc_now()
    batch.save(update_fields=["status", "announced_at"])
    _audit("exam_batch.announce", batch, by)
    return batch


@transaction.atomic
def call_off_batch(batch_id: int, *, reason: str, by: Actor, now: datetime | None = None) -> int:
    """Calls the batch off and answers how many entries ended. Raises Refused once somebody has passed or failed.

    Nobody is barred, and bars for absence from the batch are lifted; findings of cheating stay.
    """
    _authorised(by)
    now = now or utc_now()
    reason = said(reason)
    if long := too_long(reason, MAX_REASON, "取消原因"):
        raise Refused(*long)
    if not reason:
        raise Refused(Finding("exam.no_reason", "请写明取消的原因", "报名的企业和人员会看到。"))
    batch = _locked(batch_id)
    if batch.status == BatchStatus.CALLED_OFF:
        raise Refused(Finding("exam.called_off", "该批次已经取消"))
    entries = lock_rows(ExamEntry, ExamEntry.objects.filter(batch=batch).values_list("pk", flat=True))
    if any(entry.state in MARKED for entry in entries):
        detail = "有成绩的批次不能整批取消；个别人员的成绩有误的，请更正其成绩。"
        raise Refused(Finding("exam.has_results", "该批次已登记成绩", detail))
    ended = [entry for entry in entries if entry.state in (*PENDING, EntryState.ABSENT, EntryState.EXCUSED)]
    lift([entry.pk for entry in ended], now=now)
    for entry in ended:
        entry.state, entry.settled_at, entry.settled_by = EntryState.CALLED_OFF, None, None
    update_rows(ended, ["state", "settled_at", "settled_by"])
    release_seats(entry_ids=[entry.pk for entry in ended])
    batch.status, batch.called_off_at, batch.called_off_reason = BatchStatus.CALLED_OFF, now, reason
    batch.taken = max(batch.taken - len(ended), 0)
    batch.save(update_fields=["status", "called_off_at", "called_off_reason", "taken"])
    _audit("exam_batch.call_off", batch, by, reason=reason, entries=len(ended))
    _tell_called_off(batch, [entry.pk for entry in ended])
    return len(ended)


def _tell_called_off(batch: ExamBatch, entry_ids: list[int]) -> None:
    """Each enterprise gets one message, however many people it entered."""
    entries = ExamEntry.objects.filter(pk__in=entry_ids).select_related("person", "enterprise").order_by("pk")
    title = f"考试取消：{batch.name}"[:200]
    text = f"原定{chinese_date(batch.exam_from)}的考试已取消：{batch.called_off_reason}。不计缺考，可以报名其他批次。"
    people = {entry.person.mailbox_id for entry in entries}
    firms = {entry.enterprise.mailbox_id for entry in entries}
    send(
        [
            OutgoingMessage(box, title, text, "/person/exams/", event="exam_changed")
            for box in sorted(filter(None, people))
        ]
    )
    send(
        [
            OutgoingMessage(box, title, text, "/enterprise/exams/entries/", event="exam_changed")
            for box in sorted(filter(None, firms))
        ]
    )
