"""Reads entries for the results."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from accounts.enums import Duty
from administration.enums import ImportState
from administration.models import ImportRun
from exams.enums import RESULTS, BatchStatus, EntryState, ExcuseState
from exams.models import ExamBatch, ExamEntry, Excuse, ResultChange
from exams.permissions import results_of
from workflow.actors import Actor

from .history import Standing

KIND = "exam_results"
"""The kind of the import; the importer has it from here, since it reads by these selectors."""


def without_result(*, batch_ids: Collection[int], listed: Collection[int]) -> list[ExamEntry]:
    """Answers admitted entries of these batches that have no result and are not listed."""
    admitted = ExamEntry.objects.filter(batch_id__in=batch_ids, state=EntryState.APPROVED)
    missing = set(admitted.values_list("pk", flat=True)) - set(listed)
    waiting = ExamEntry.objects.filter(pk__in=missing).select_related("person", "batch")
    return list(waiting.order_by("batch_id", "person__name", "category", "pk"))


def entries_with_excuse(entry_ids: Collection[int]) -> set[int]:
    """Answers the entries for which somebody has handed in the excuse of an absence that nobody has decided on."""
    waiting = Excuse.objects.filter(entry__in=list(entry_ids), state=ExcuseState.WAITING)
    return set(waiting.values_list("entry_id", flat=True))


def exams_ahead(actor: Actor, today: date, *, most: int) -> list[ExamBatch]:
    """Answers the announced batches of an organiser that are not over, the next one first."""
    rows = ExamBatch.objects.filter(organiser=actor.office_id, status=BatchStatus.ANNOUNCED, exam_to__gte=today)
    return list(rows.order_by("exam_from", "pk")[:most])


def excuses_to_decide(actor: Actor) -> QuerySet[Excuse]:
    """Answers the excuses of absences that wait, of the batches whose results the actor records."""
    own = ExamBatch.objects.filter(results_of(actor))
    return Excuse.objects.filter(state=ExcuseState.WAITING, entry__batch__in=own)


def history_of(entry: ExamEntry) -> list[dict[str, object]]:
    """Answers what the timeline shows of the results of an entry, the latest first."""
    rows = ResultChange.objects.filter(entry=entry).select_related("changed_by", "import_run").order_by("-pk")
    return [_event(row) for row in rows]


def changes_since(moment: datetime, *, enterprises: Collection[int], batches: Collection[int]) -> list[ResultChange]:
    """Answers what was recorded since then, the oldest first, with the entries as they are now."""
    entries = ExamEntry.objects.filter(enterprise__in=enterprises, batch__in=batches)
    rows = ResultChange.objects.filter(entry__in=entries, changed_at__gte=moment)
    return list(rows.select_related("entry__person", "entry__batch").order_by("pk"))


def former_of(row: ResultChange) -> Standing:
    return Standing(row.former_state, row.former_knowledge, row.former_ability, row.former_remark)


def _event(row: ResultChange) -> dict[str, object]:
    former = former_of(row)
    after = Standing(row.state, row.knowledge, row.ability, row.remark)
    if row.former_state in RESULTS:
        title = f"{'撤回' if row.state == EntryState.APPROVED else '更正'}：{former.words} → {after.words}"
    else:
        title = f"登记：{after.words}"
    return {
        "title": title,
        "at": row.changed_at,
        "by": row.changed_by.name if row.changed_by else "系统",
        "note": f"成绩文件“{row.import_run.file_name}”" if row.import_run else "",
        "comment": "；".join(part for part in (row.remark, row.reason) if part),
    }


def unsettled(actor: Actor, today: date) -> QuerySet[ExamEntry]:
    """Answers who was admitted to an exam that is over, of the batches whose results the actor records, without one."""
    over = ExamBatch.objects.filter(results_of(actor), status=BatchStatus.ANNOUNCED, exam_to__lt=today)
    return ExamEntry.objects.filter(state=EntryState.APPROVED, batch__in=over)


def unsettled_count(actor: Actor | None, today: date, *, most: int) -> int:
    """Counts for an organiser the missing results, excuses to decide and files to confirm, no further than `most` of each."""
    if actor is None or Duty.ORGANISE not in actor.duties:
        return 0
    waiting = (unsettled(actor, today), excuses_to_decide(actor), unconfirmed_files(actor))
    return sum(rows.order_by()[:most].count() for rows in waiting)


@dataclass(frozen=True)
class UnsettledBatch:
    """`late` counts those of `waiting` who may be signed up again, since the days for the result are over."""

    batch: ExamBatch
    waiting: int
    late: int


def unsettled_batches(actor: Actor, today: date) -> list[UnsettledBatch]:
    """Answers the longest waiting first, in two queries."""
    late = Count("pk", filter=Q(reopened_at__isnull=False))
    counted = unsettled(actor, today).order_by("batch_id").values("batch_id").annotate(waiting=Count("pk"), late=late)
    counts = {row["batch_id"]: (row["waiting"], row["late"]) for row in counted}
    batches = ExamBatch.objects.filter(pk__in=counts).select_related("region", "organiser").order_by("exam_to", "pk")
    return [UnsettledBatch(batch, *counts[batch.pk]) for batch in batches]


def unconfirmed_files(actor: Actor) -> QuerySet[ImportRun]:
    """Answers the files of results of the actor's office that were shown and not confirmed."""
    return ImportRun.objects.filter(kind=KIND, state=ImportState.PREVIEWED, office=actor.office_id).order_by("-pk")
