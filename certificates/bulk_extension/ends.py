"""Says which certificates a policy extension concerns, and until when each is extended."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from certificates.enums import LegalState
from certificates.models import Certificate, PolicyBatch
from common.dates import add_months

CONCERNED = (LegalState.VALID, LegalState.SUSPENDED, LegalState.EXPIRED)
"""Certificates in other states were ended by a decision, which a policy does not change."""


def in_window(batch: PolicyBatch) -> QuerySet[Certificate]:
    rows = Certificate.objects.filter(ends_on__range=(batch.window_from, batch.window_to))
    return rows.filter(category__in=batch.categories) if batch.categories else rows


def concerned(batch: PolicyBatch) -> QuerySet[Certificate]:
    return in_window(batch).filter(legal_state__in=CONCERNED)


def new_end_of(batch: PolicyBatch, old_end: date) -> date:
    return batch.new_end if batch.new_end is not None else add_months(old_end, batch.months or 0)
