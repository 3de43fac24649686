"""Writes the candidates of a batch with their full numbers, as the file of results that only lacks the results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import QuerySet

from administration.audit.services import record_audits
from common.tabular.problem_file import write_guarded_workbook
from exams.enums import ADMITTED, EntryState
from exams.models import ExamBatch, ExamEntry
from workflow.actors import Actor
from workflow.services.auditing import author_of

from .importing import COLUMNS

_WIDTHS, _WIDTH = {"id_number": 24, "batch": 40}, 14


def candidates_of(batch: ExamBatch) -> QuerySet[ExamEntry]:
    """Answers who is admitted, in the order of the names; with them those who have a result already."""
    admitted = ExamEntry.objects.filter(batch=batch, state__in=ADMITTED)
    return admitted.select_related("person").order_by("category", "person__name", "pk")


@transaction.atomic
def write_candidates(batch: ExamBatch, *, by: Actor) -> bytes:
    """Answers a workbook that the importer of results takes as it is, once it is filled in. Who took it is audited."""
    entries = list(candidates_of(batch))
    detail: dict[str, object] = {"batch": batch.name, "count": len(entries), "acting_for": by.acting_for}
    record_audits("exam_batch.candidates", [(ExamBatch._meta.label_lower, batch.pk, detail)], by=author_of(by))
    widths = [_WIDTHS.get(column.key, _WIDTH) for column in COLUMNS]
    return write_guarded_workbook(_rows(batch, entries), name="考生", widths=widths)


def _rows(batch: ExamBatch, entries: Iterable[ExamEntry]) -> Iterator[list[str]]:
    yield [column.title for column in COLUMNS]
    for entry in entries:
        known = {
            "ticket_number": entry.ticket_number,
            "name": entry.person.name,
            "id_number": entry.person.id_number,
            "batch": batch.name,
            "category": entry.category,
            "knowledge": _score(entry.knowledge_score),
            "ability": _score(entry.ability_score),
            "absence": ABSENCES.get(entry.state, ""),
            "cheating": "是" if entry.state == EntryState.CHEATED else "",
            "remark": entry.remark,
            "reason": "",
        }
        yield [known[column.key] for column in COLUMNS]


ABSENCES = {EntryState.ABSENT.value: "是", EntryState.EXCUSED.value: "因故缺考"}


def _score(value: object) -> str:
    return "" if value is None else str(value)
