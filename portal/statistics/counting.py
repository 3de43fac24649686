"""Counts whole tables, one statement for each subject: for the job, never for a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, DateField, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear, Left, TruncMonth

from certificates.enums import LegalState
from certificates.models import Certificate
from common.dates import add_months
from exams.models import ExamEntry
from training.models import TrainingRecord
from workflow.enums import FINAL_STATUSES, OPEN_STATUSES, Status
from workflow.models import Application

from .subjects import AGES, OPEN, OUTCOME_OF_ENTRY, SIZES, TIMES, band_of, month_key, months_from, months_until

Cells = Counter[tuple[str, str, str, str]]
"""Subject, city, part and key."""


def count_all(today: date) -> Cells:
    cells: Cells = Counter()
    for counted in (_certificates, _ages, _sizes, _applications, _times, _exams, _training):
        cells.update(counted(today))
    return cells


def _city(field: str) -> Any:
    """Answers the code of the city, blank where the enterprise is not known."""
    return Coalesce(Concat(Left(field, 4), Value("00")), Value(""), output_field=CharField())


def _grouped(rows: QuerySet[Any], *names: str) -> Any:
    """Answers tuples of the named values and their number."""
    return rows.order_by().values_list(*names).annotate(number=Count("pk"))


def _letter(category: str) -> str:
    """C1, C2 and C3 are shown as one."""
    return category[:1]


def _certificates(today: date) -> Cells:
    cells: Cells = Counter()
    issued, ends = set(map(month_key, months_until(today))), set(map(month_key, months_from(today)))
    all_rows = Certificate.objects.filter(taken_back_at=None).annotate(city=_city("enterprise__region_id"))
    for city, category, state, number in _grouped(all_rows, "city", "category", "legal_state"):
        for subject in ("state", "states"):
            cells[subject, city, _letter(category), state] += number
    recent = all_rows.filter(first_issued_on__gte=months_until(today)[0], first_issued_on__lte=today)
    for city, category, month, number in _by_month(recent, "first_issued_on"):
        if month in issued:
            cells["issued", city, _letter(category), month] += number
    last = add_months(months_from(today)[-1], 1)
    ending = all_rows.filter(legal_state=LegalState.VALID, ends_on__gte=months_from(today)[0], ends_on__lt=last)
    for city, category, month, number in _by_month(ending, "ends_on"):
        if month in ends:
            cells["ends", city, _letter(category), month] += number
    return cells


def _by_month(rows: QuerySet[Any], field: str) -> Iterable[tuple[str, str, str, int]]:
    dated = rows.annotate(month=TruncMonth(field, output_field=DateField()))
    for city, category, month, number in _grouped(dated, "city", "category", "month"):
        yield city, category, month_key(month), number


def _valid() -> QuerySet[Certificate]:
    return Certificate.objects.filter(taken_back_at=None, legal_state=LegalState.VALID)


def _ages(today: date) -> Cells:
    cells: Cells = Counter()
    age = ExtractYear(
        Func(Value(today), F("person__birth_date"), function="age", template="%(function)s(%(expressions)s)"),
    )
    rows = _valid().annotate(city=_city("enterprise__region_id"), years=Cast(age, IntegerField()))
    for city, category, years, number in _grouped(rows, "city", "category", "years"):
        cells["age", city, _letter(category), band_of(max(0, years), AGES)] += number
    return cells


def _sizes(today: date) -> Cells:
    cells: Cells = Counter()
    sizes = dict(_grouped(_valid().exclude(enterprise=None), "enterprise_id"))
    rows = _valid().exclude(enterprise=None).annotate(city=_city("enterprise__region_id"))
    for city, category, enterprise, number in _grouped(rows, "city", "category", "enterprise_id"):
        cells["size", city, _letter(category), band_of(sizes[enterprise], SIZES)] += number
    return cells


def _applications(today: date) -> Cells:
    cells: Cells = Counter()
    outcome = Case(When(status__in=OPEN_STATUSES, then=Value(OPEN)), default=F("status"), output_field=CharField())
    submitted = Application.objects.filter(status__in=(*OPEN_STATUSES, *FINAL_STATUSES))
    rows = submitted.annotate(city=_city("region_id"), outcome=outcome)
    for city, kind, key, number in _grouped(rows, "city", "kind", "outcome"):
        cells["outcome", city, kind, key] += number
    return cells


def _times(today: date) -> Cells:
    cells: Cells = Counter()
    decided = Application.objects.filter(
        status__in=(Status.APPROVED, Status.REJECTED),
        closed_at__date__gte=add_months(today, -12),
        first_submitted_at__isnull=False,
    )
    taken = F("closed_at") - F("first_submitted_at")
    band = Case(
        *(
            When(Q(taken__lt=timedelta(days=TIMES[place + 1][0])), then=Value(str(place)))
            for place in range(len(TIMES) - 1)
        ),
        default=Value(str(len(TIMES) - 1)),
        output_field=CharField(),
    )
    rows = decided.annotate(city=_city("region_id"), taken=taken).annotate(band=band)
    for city, kind, key, number in _grouped(rows, "city", "kind", "band"):
        cells["time", city, kind, key] += number
    return cells


def _exams(today: date) -> Cells:
    cells: Cells = Counter()
    recent = ExamEntry.objects.filter(batch__exam_from__gte=add_months(today, -12), batch__exam_from__lte=today)
    rows = recent.annotate(city=_city("enterprise__region_id"))
    for city, category, state, number in _grouped(rows, "city", "category", "state"):
        cells["exam", city, category, OUTCOME_OF_ENTRY.get(state, "none")] += number
    return cells


def _training(today: date) -> Cells:
    """A record names no region; its category is that of the course."""
    cells: Cells = Counter()
    recent = TrainingRecord.objects.filter(withdrawn_at=None, ends_on__gte=months_until(today)[0], ends_on__lte=today)
    dated = recent.annotate(month=TruncMonth("ends_on", output_field=DateField()))
    for category, month, number in _grouped(dated, "category", "month"):
        cells["training", "", _letter(category), month_key(month)] += number
    return cells
