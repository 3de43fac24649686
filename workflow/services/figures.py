"""Counts open cases, late weeks and the time that cases took, for heads of section: in jobs, never for a page."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils.timezone import localdate

from administration.calendar.working_days import WorkingDays, load_working_days
from common.database.set_inserts import insert_rows
from common.dates import SHANGHAI, midnight

from ..enums import LATE_BANDS, OFFICE_DESKS, Band, Status
from ..models import Application, DeskFigure, DeskTime, LateWeek

RECENT = timedelta(days=30)
WEEKS_KEPT = timedelta(weeks=60)
_PARTS = ("holder_office", "desk", "kind", "assignee", "due_on")


class Cell(NamedTuple):
    office: int
    desk: str
    kind: str
    assignee: int | None
    band: Band


def band_of(due_on: date | None, today: date, days: WorkingDays) -> Band:
    if due_on is None:
        return Band.NONE
    if due_on >= today:
        return Band.TODAY if due_on == today else Band.AHEAD
    late = days.between(due_on, today)
    return Band.FEW if late <= 2 else Band.SOME if late <= 5 else Band.MANY


@transaction.atomic
def count_desks(*, now: datetime) -> int:
    """Replaces the figures of all offices; answers how many cases are open at their desks."""
    today, days = localdate(now), load_working_days()
    since = midnight(today)
    rows = Application.objects.filter(is_open=True, holder_office__isnull=False, desk__in=OFFICE_DESKS).order_by()
    counted = rows.values_list(*_PARTS).annotate(
        number=Count("pk"), came=Count("pk", filter=Q(desk_entered_at__gte=since)), oldest=Min("due_on")
    )
    numbers: Counter[Cell] = Counter()
    came: Counter[Cell] = Counter()
    oldest: dict[Cell, date | None] = {}
    for office, desk, kind, assignee, due_on, number, arrived, first in counted:
        cell = Cell(office, desk, kind, assignee, band_of(due_on, today, days))
        numbers[cell] += number
        came[cell] += arrived
        oldest[cell] = min(filter(None, (oldest.get(cell), first)), default=None)
    DeskFigure.objects.all().delete()
    insert_rows(
        DeskFigure(
            office_id=cell.office,
            desk=cell.desk,
            kind=cell.kind,
            assignee_id=cell.assignee,
            band=cell.band,
            number=number,
            came=came[cell],
            oldest_due_on=oldest[cell],
            counted_at=now,
        )
        for cell, number in numbers.items()
    )
    _note_week(today, numbers)
    return sum(numbers.values())


def _note_week(today: date, numbers: Counter[Cell]) -> None:
    """The last count of a week stays."""
    late: Counter[int] = Counter()
    for cell, number in numbers.items():
        late[cell.office] += number if cell.band in LATE_BANDS else 0
    monday = today - timedelta(days=today.weekday())
    LateWeek.objects.filter(Q(week=monday) | Q(week__lt=today - WEEKS_KEPT)).delete()
    insert_rows(LateWeek(office_id=office, week=monday, late=number) for office, number in late.items())


@transaction.atomic
def count_times(*, now: datetime) -> int:
    """Answers how many cases were closed; reads all of them once, which a job at night may."""
    days = load_working_days()
    closed = Application.objects.filter(
        status__in=(Status.APPROVED, Status.REJECTED),
        closed_at__gte=now - RECENT,
        first_submitted_at__isnull=False,
    ).order_by()
    accept: dict[str, Counter[int]] = defaultdict(Counter)
    decide: dict[str, Counter[int]] = defaultdict(Counter)
    number = 0
    moments = closed.values_list("region_id", "first_submitted_at", "accepted_at", "closed_at")
    for region, submitted, accepted, ended in moments.iterator(chunk_size=5000):
        number += 1
        for city in ("", f"{region[:4]}00"):
            if submitted is not None and accepted is not None and ended is not None:
                accept[city][_taken(days, submitted, accepted)] += 1
                decide[city][_taken(days, accepted, ended)] += 1
    DeskTime.objects.all().delete()
    insert_rows(
        DeskTime(
            city=city,
            accept_median=share_of(accept[city], 50),
            accept_most=share_of(accept[city], 90),
            decide_median=share_of(decide[city], 50),
            decide_most=share_of(decide[city], 90),
            counted_at=now,
        )
        for city in sorted(accept)
    )
    return number


def _taken(days: WorkingDays, first: datetime, last: datetime) -> int:
    return max(0, days.between(first.astimezone(SHANGHAI).date(), last.astimezone(SHANGHAI).date()))


def share_of(counted: Counter[int], percent: int) -> int | None:
    """Answers the least number of days within which this share of the cases was done."""
    wanted, reached = sum(counted.values()) * percent / 100, 0
    for taken, number in sorted(counted.items()):
        reached += number
        if reached >= wanted:
            return taken
    return None
