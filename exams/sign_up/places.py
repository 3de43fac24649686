"""Gives the places of ended entries back to their batches."""

from __future__ import annotations

from collections.abc import Iterable

from common.database.set_updates import update_rows
from exams.models import ExamBatch, ExamEntry


def free_places(entries: Iterable[ExamEntry]) -> None:
    """The caller has locked the batches; entries of one batch share its object."""
    batches: dict[int, ExamBatch] = {}
    for entry in entries:
        batches.setdefault(entry.batch_id, entry.batch).taken -= 1
    update_rows(batches.values(), ["taken"])
