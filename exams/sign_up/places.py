"""Gives the places of ended entries back to their batches, and their seats to others."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.timezone import now as utc_now

from common.database.set_updates import update_rows
from exams.models import ExamBatch, ExamEntry, ExamSeat


def free_places(entries: Iterable[ExamEntry]) -> None:
    """The caller has locked the batches; entries of one batch share its object."""
    batches: dict[int, ExamBatch] = {}
    ended = list(entries)
    release_seats(entry_ids=[entry.pk for entry in ended])
    for entry in ended:
        batches.setdefault(entry.batch_id, entry.batch).taken -= 1
    update_rows(batches.values(), ["taken"])


def release_seats(*, entry_ids: Iterable[int] = (), session_room_ids: Iterable[int] = ()) -> int:
    """Frees the seats of these entries, or all seats of these rooms, and answers how many. Their admit cards are void.

    The caller has locked the entries or the batch, audits the reason and tells the people.
    """
    wanted = Q(entry__in=list(entry_ids)) | Q(session_room__in=list(session_room_ids))
    return ExamSeat.objects.filter(wanted, released_at__isnull=True).update(released_at=utc_now())
