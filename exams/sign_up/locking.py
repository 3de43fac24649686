"""Locks entries with what belongs to them, in the order of the whole system: persons, then batches, then entries."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from exams.models import ExamBatch, ExamEntry
from workflow.services.locking import lock_parties, lock_rows


def lock_entries(wanted: QuerySet[ExamEntry]) -> list[ExamEntry]:
    """Answers the entries with their persons and batches. It runs in the caller's transaction."""
    read = list(wanted.values_list("pk", "person_id", "batch_id"))
    persons, _ = lock_parties(person_ids=[person_id for _, person_id, _ in read])
    entries = lock_with_batches({pk: batch_id for pk, _, batch_id in read})
    for entry in entries:
        entry.person = persons[entry.person_id]
    return entries


def lock_with_batches(batch_ids: Mapping[int, int]) -> list[ExamEntry]:
    """Takes the batch of each entry. The caller has locked the persons; entries of one batch share its object."""
    batches = {batch.pk: batch for batch in lock_rows(ExamBatch, batch_ids.values())}
    entries = lock_rows(ExamEntry, batch_ids)
    for entry in entries:
        entry.batch = batches[entry.batch_id]
    return entries
