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
from exams.enums import MARKED, PENDING, RESULTS, BatchStatus, EntryState
from exams.models import ExamBatch, ExamEntry
from exams.permissions import why_not_manage
from exams.results.bars import lift
from exams.results.history import Changed, Standing, keep_changes
from exams.sign_up.naming import ENTRIES
from exams.sign_up.places import release_seats
from exams.sites.sessions.copying import Copied, copy_sessions
from exams.sites.sessions.services import release_rooms, remove_all_sessions
from workflow.actors import Actor
from workflow.services.auditing import author_of
from workflow.services.locking import lock_rows

OFF = "批次取消："
MAX_REASON = 300 - len(OFF)
"""The reason also stands in the history of results, after `OFF`."""


def authorise(by: Actor) -> None:
    if sentence := why_not_manage(by):
        raise Refused(Finding("exam.not_yours", sentence))


@transaction.atomic
def create_batch(batch: ExamBatch, *, by: Actor, now: datetime | None = None) -> ExamBatch:
    """Stores an unsaved batch as a draft, which nobody outside the office sees. Raises Refused with every reason."""
    authorise(by)
    batch.created_by_id, batch.created_at = by.user_id, now or utc_now()
    batch.exam_to = batch.exam_to or batch.exam_from
    _check(batch)
    batch.save()
    audit_batch("exam_batch.create", batch, by)
    return batch


@transaction.atomic
def copy_batch(source_id: int, batch: ExamBatch, *, by: Actor, now: datetime | None = None) -> Copied:
    """Stores an unsaved batch as a draft with the sessions of another one, as far as their rooms are free on its days."""
    now = now or utc_now()
    create_batch(batch, by=by, now=now)
    source = ExamBatch.objects.filter(pk=source_id).first()
    return copy_sessions(source, batch, by=by, now=now) if source is not None else Copied()


def audit_batch(action: str, batch: ExamBatch, by: Actor, **detail: object) -> None:
    told: dict[str, object] = {"batch": batch.name, "acting_for": by.acting_for, **detail}
    record_audits(action, [(ExamBatch._meta.label_lower, batch.pk, told)], by=author_of(by))


FIELD_OF = {
    "exam_sign_up_ends_after_it_starts": "sign_up_to",
    "exam_after_sign_up": "exam_from",
    "exam_ends_after_it_starts": "exam_to",
    "exam_batch_has_a_category": "categories",
    "exam_batch_has_places": "quota",
}
"""Maps a constraint to the field at which its sentence stands."""


def wrong_values(batch: ExamBatch) -> list[Finding]:
    """Answers what the database would refuse, each at its field."""
    found = []
    if batch.quota < batch.taken:
        detail = f"已有 {batch.taken} 人占用名额。"
        found.append(Finding("exam.quota", "名额不能少于已报名人数", detail, facts={"field": "quota"}))
    for check in (batch.clean_fields, batch.validate_unique):
        try:
            check()
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                found += [Finding("exam.batch", sentence, facts={"field": name}) for sentence in sentences]
    for constraint in ExamBatch._meta.constraints:
        if constraint.name != "exam_quota_not_overrun":
            try:
                constraint.validate(ExamBatch, batch)
            except ValidationError as error:
                field = FIELD_OF.get(constraint.name, "")
                found += [Finding("exam.batch", sentence, facts={"field": field}) for sentence in error.messages]
    return found


def _check(batch: ExamBatch) -> None:
    if found := wrong_values(batch):
        raise Refused(*found)


def locked_batch(batch_id: int) -> ExamBatch:
    return ExamBatch.objects.select_for_update(no_key=True).get(pk=batch_id)


@transaction.atomic
def announce_batch(batch_id: int, *, by: Actor, now: datetime | None = None) -> ExamBatch:
    authorise(by)
    batch = locked_batch(batch_id)
    if batch.status != BatchStatus.DRAFT:
        raise Refused(Finding("exam.announced", f"该批次{batch.get_status_display()}，不需要再次公布"))
    batch.status, batch.announced_at = BatchStatus.ANNOUNCED, now or utc_now()
    batch.save(update_fields=["status", "announced_at"])
    audit_batch("exam_batch.announce", batch, by)
    return batch


@transaction.atomic
def delete_draft(batch_id: int, *, by: Actor) -> None:
    """A draft goes with the sessions that were planned for it; what was announced is called off instead."""
    authorise(by)
    batch = locked_batch(batch_id)
    if batch.status != BatchStatus.DRAFT or ExamEntry.objects.filter(batch=batch).exists():
        detail = "公布过的批次留作记录；不再举行的，请取消批次。"
        raise Refused(Finding("exam.announced", "只能删除还没有公布的草稿", detail))
    audit_batch("exam_batch.delete", batch, by)
    remove_all_sessions(batch)
    batch.delete()


@transaction.atomic
def call_off_batch(batch_id: int, *, reason: str, by: Actor, now: datetime | None = None) -> int:
    """Calls the batch off and answers how many entries ended. Raises Refused once somebody has passed or failed.

    Its rooms are free for other exams. Nobody is barred, and bars for absence from the batch are lifted; findings of cheating stay.
    """
    authorise(by)
    now = now or utc_now()
    reason = said(reason)
    if long := too_long(reason, MAX_REASON, "取消原因"):
        raise Refused(*long)
    if not reason:
        raise Refused(Finding("exam.no_reason", "请写明取消的原因", "报名的企业和人员会看到。"))
    batch = locked_batch(batch_id)
    if batch.status == BatchStatus.CALLED_OFF:
        raise Refused(Finding("exam.called_off", "该批次已经取消"))
    entries = lock_rows(ExamEntry, ExamEntry.objects.filter(batch=batch).values_list("pk", flat=True))
    if any(entry.state in MARKED for entry in entries):
        detail = "有成绩的批次不能整批取消；个别人员的成绩有误的，请更正其成绩。"
        raise Refused(Finding("exam.has_results", "该批次已登记成绩", detail))
    ended = [entry for entry in entries if entry.state in (*PENDING, EntryState.ABSENT, EntryState.EXCUSED)]
    _end(ended, reason, by, now)
    batch.status, batch.called_off_at, batch.called_off_reason = BatchStatus.CALLED_OFF, now, reason
    batch.taken = max(batch.taken - len(ended), 0)
    batch.save(update_fields=["status", "called_off_at", "called_off_reason", "taken"])
    rooms = release_rooms(batch, now=now)
    audit_batch("exam_batch.call_off", batch, by, reason=reason, entries=len(ended), rooms=rooms)
    _tell_called_off(batch, [entry.pk for entry in ended])
    return len(ended)


def _end(entries: list[ExamEntry], reason: str, by: Actor, now: datetime) -> None:
    """Absences that were recorded already are taken back, and their history says why."""
    lift([entry.pk for entry in entries], now=now)
    taken_back = [Changed(entry, Standing.of(entry), f"{OFF}{reason}") for entry in entries if entry.state in RESULTS]
    for entry in entries:
        entry.state, entry.settled_at, entry.settled_by = EntryState.CALLED_OFF, None, None
    update_rows(entries, ["state", "settled_at", "settled_by"])
    keep_changes(taken_back, by_user_id=by.user_id, at=now)
    release_seats(entry_ids=[entry.pk for entry in entries])


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
    send([OutgoingMessage(box, title, text, ENTRIES, event="exam_changed") for box in sorted(filter(None, firms))])
