"""Says which certificates a policy extension would concern and how, before it is started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.timezone import localdate

from certificates.enums import LegalState
from certificates.models import Certificate, PolicyBatch, PolicyBatchRow

from .ends import CONCERNED, concerned, in_window, new_end_of
from .open_cases import OpenCases, open_cases


@dataclass(frozen=True)
class Preview:
    """Counts the certificates of the window; those without a photo get a new term, but no e-certificate."""

    total: int
    by_category: Mapping[str, int]
    suspended: int
    ended: int
    without_photo: int
    valid_after: int
    sample: Sequence[Certificate]
    open_cases: Sequence[OpenCases]


def preview(batch: PolicyBatch, *, today: date | None = None) -> Preview:
    today = today or localdate()
    rows = concerned(batch)
    by_category = dict(rows.order_by("category").values_list("category").annotate(count=Count("pk")))
    total = sum(by_category.values())
    suspended = rows.filter(legal_state=LegalState.SUSPENDED).count()
    sample = rows.select_related("person", "enterprise").order_by("ends_on", "pk")[:10]
    return Preview(
        total=total,
        by_category=by_category,
        suspended=suspended,
        ended=in_window(batch).exclude(legal_state__in=CONCERNED).count(),
        without_photo=rows.filter(person__id_photo="").count(),
        valid_after=_valid_after(batch, rows, today),
        sample=list(sample),
        open_cases=open_cases(batch, today=today),
    )


def _valid_after(batch: PolicyBatch, rows: QuerySet[Certificate], today: date) -> int:
    rows = rows.exclude(legal_state=LegalState.SUSPENDED)
    if batch.new_end is not None:
        return rows.filter(ends_on__lt=batch.new_end).count() if batch.new_end >= today else 0
    ends = rows.order_by("ends_on").values_list("ends_on").annotate(count=Count("pk"))
    return sum(count for end, count in ends if new_end_of(batch, end) >= today)


def counts_of(batch: PolicyBatch) -> dict[str, int]:
    rows = PolicyBatchRow.objects.filter(batch=batch).order_by("outcome").values_list("outcome")
    return dict(rows.annotate(count=Count("pk")))
