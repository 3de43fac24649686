"""Reads what the pages of the review show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from administration.calendar.working_days import load_working_days
from administration.parameters.book import ParameterBook
from exams.enums import EntryState, ReviewAct
from exams.models import EntryReview, ExamEntry
from exams.permissions import to_review
from workflow.actors import Actor

from .deadlines import late_before, review_by, waits_since

CAP = 100
"""Pages count no further."""


def last_reviews(entry_ids: Collection[int]) -> dict[int, EntryReview]:
    """Maps an entry to its latest record, in one query."""
    rows = EntryReview.objects.filter(entry__in=list(entry_ids)).order_by("entry_id", "-pk").distinct("entry_id")
    return {one.entry_id: one for one in rows.select_related("by")}


def last_return(entry: ExamEntry) -> EntryReview | None:
    return EntryReview.objects.filter(entry=entry, act=ReviewAct.RETURNED).order_by("-pk").first()


def reviews_of(entry: ExamEntry) -> list[EntryReview]:
    return list(EntryReview.objects.filter(entry=entry).select_related("by").order_by("-pk"))


def history_of(entry: ExamEntry) -> Sequence[ExamEntry]:
    """Answers the other entries of the same person, the latest first."""
    rows = ExamEntry.objects.filter(person=entry.person_id).exclude(pk=entry.pk)
    return list(rows.select_related("batch", "enterprise").order_by("-pk")[:20])


def waiting_before(moment: datetime) -> Q:
    """Filters ExamEntry by what was last submitted before the moment."""
    return Q(resubmitted_at__lt=moment) | Q(resubmitted_at__isnull=True, entered_at__lt=moment)


def waiting(actor: Actor) -> QuerySet[ExamEntry]:
    return ExamEntry.objects.filter(to_review(actor))


def waiting_count(actor: Actor | None, *, most: int = CAP) -> int:
    return waiting(actor).order_by()[:most].count() if actor is not None else 0


def overdue_since(today: date) -> datetime:
    """Answers the moment before which whatever waits is overdue today."""
    return late_before(load_working_days(), ParameterBook.load(), today)


def overdue(actor: Actor, today: date) -> QuerySet[ExamEntry]:
    return waiting(actor).filter(waiting_before(overdue_since(today)))


def soon_count(actor: Actor, until: date, *, most: int = CAP) -> int:
    """Counts what waits for an exam that begins by the day."""
    return waiting(actor).filter(batch__exam_from__lte=until).order_by()[:most].count()


def returned_count(*, enterprise_id: int | None = None, person_id: int | None = None) -> int:
    """Counts the returned entries that an enterprise or a person may hand in again."""
    own = Q(enterprise=enterprise_id) if person_id is None else Q(person=person_id)
    return ExamEntry.objects.filter(own, state=EntryState.RETURNED).order_by()[:CAP].count()


def overdue_count(actor: Actor, today: date, *, most: int = CAP) -> int:
    return overdue(actor, today).order_by()[:most].count()


@dataclass(frozen=True)
class ReviewRow:
    """`seen` is the last record of the entry, 0 for none; `waited` counts days since the last submission."""

    entry: ExamEntry
    seen: int
    since: datetime
    waited: int
    due_on: date
    is_late: bool


def rows_of(entries: Sequence[ExamEntry], today: date) -> list[ReviewRow]:
    """Takes a constant number of queries."""
    latest = last_reviews([entry.pk for entry in entries])
    calendar, parameters = load_working_days(), ParameterBook.load()
    rows = []
    for entry in entries:
        since, due_on = waits_since(entry), review_by(entry, calendar, parameters)
        last = latest.get(entry.pk)
        waited = (today - localdate(since)).days
        rows.append(ReviewRow(entry, last.pk if last else 0, since, waited, due_on, due_on < today))
    return rows
