"""Lets people be signed up again whose exam is over for long and has no result. The result may still be recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.timezone import now as utc_now

from administration.audit.services import record_audits
from administration.messages.services import OutgoingMessage, send
from administration.parameters.book import ParameterBook
from common.database.set_updates import update_rows
from exams.enums import BatchStatus, EntryState
from exams.models import ExamBatch, ExamEntry
from exams.sign_up.locking import lock_entries
from exams.sign_up.naming import ENTRIES, listed
from exams.sign_up.services import LINK
from workflow.actors import SYSTEM
from workflow.services.auditing import author_of

from .telling import EVENT

CHUNK = 100
WORDS = "考试结束后已过登记成绩的期限，还没有成绩。不算缺考，可以重新报名以后的考试；成绩登记后仍然有效。"


def _waiting(batch_ids: Sequence[int]) -> QuerySet[ExamEntry]:
    return ExamEntry.objects.filter(batch__in=batch_ids, state=EntryState.APPROVED, reopened_at__isnull=True)


def _late_batches(today: date) -> list[int]:
    """The days are those that were in force when the exam ended."""
    parameters = ParameterBook.load()
    unsettled = ExamEntry.objects.filter(state=EntryState.APPROVED, reopened_at__isnull=True).values("batch_id")
    ended = ExamBatch.objects.filter(pk__in=unsettled, status=BatchStatus.ANNOUNCED, exam_to__lt=today).order_by("pk")
    return [
        batch.pk
        for batch in ended
        if batch.exam_to + timedelta(days=parameters.integer("exam_result_days", batch.exam_to)) < today
    ]


def reopen_overdue(*, now: datetime | None = None) -> int:
    """Works in chunks, of which a finished one stays done. Answers how many people may be signed up again."""
    now, done = now or utc_now(), 0
    for batch_id in _late_batches(localdate(now)):
        while ids := list(_waiting([batch_id]).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
            done += _reopen(ids, now)
    return done


@transaction.atomic
def _reopen(ids: Sequence[int], now: datetime) -> int:
    entries = [
        entry
        for entry in lock_entries(ExamEntry.objects.filter(pk__in=ids))
        if entry.state == EntryState.APPROVED and entry.reopened_at is None
    ]
    for entry in entries:
        entry.reopened_at = now
    update_rows(entries, ["reopened_at"])
    about: list[tuple[str, object, dict[str, object]]] = [
        (ExamEntry._meta.label_lower, entry.pk, {"batch": entry.batch_id}) for entry in entries
    ]
    record_audits("exam_entry.reopen", about, by=author_of(SYSTEM))
    _tell([entry.pk for entry in entries])
    return len(entries)


def _tell(ids: Sequence[int]) -> None:
    """Each person hears of the own entry; enterprise and organiser hear once of all."""
    rows = ExamEntry.objects.filter(pk__in=ids).select_related("person", "enterprise", "batch__organiser")
    grouped: dict[tuple[int, str], list[str]] = defaultdict(list)
    posts = []
    for entry in rows.order_by("pk"):
        title = f"考试成绩逾期没有登记：{entry.batch.name}"
        posts.append(OutgoingMessage(entry.person.mailbox_id, title, f"{entry.category}证：{WORDS}", LINK, event=EVENT))
        name = f"{entry.person.name}（{entry.category}证）"
        organiser = entry.batch.organiser
        boxes = [(entry.enterprise.mailbox_id, ENTRIES)]
        if organiser is not None:
            boxes.append((organiser.mailbox_id, f"/office/exams/{entry.batch_id}/?state={EntryState.APPROVED}"))
        for box, link in boxes:
            if box is not None:
                grouped[box, link].append(name)
    for (box, link), names in grouped.items():
        text = f"{listed(names)}：{WORDS}"
        posts.append(OutgoingMessage(box, f"{len(names)} 人的考试成绩逾期没有登记", text, link, event=EVENT))
    send(posts)
