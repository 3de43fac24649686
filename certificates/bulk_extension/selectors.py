"""Reads policy extensions and what became of the certificates in them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from certificates.enums import PolicyOutcome
from certificates.models import PolicyBatch, PolicyBatchRow


def batches() -> QuerySet[PolicyBatch]:
    return PolicyBatch.objects.all()


def is_first() -> bool:
    """Whether there has been no policy extension yet, not even a draft."""
    return not PolicyBatch.objects.exists()


def batch_by_id(pk: int) -> PolicyBatch:
    """Answers the batch with the clerks who made, approved and reversed it. Raises Http404."""
    clerks = ("created_by", "asked_by", "approved_by", "reversal_asked_by", "reversed_by")
    return get_object_or_404(PolicyBatch.objects.select_related(*clerks), pk=pk)


def rows_left_out(batch: PolicyBatch) -> QuerySet[PolicyBatchRow]:
    """Answers the certificates that the batch did not extend, or that its reversal left as they were."""
    rows = PolicyBatchRow.objects.filter(batch=batch, outcome__in=[PolicyOutcome.REFUSED, PolicyOutcome.KEPT])
    return rows.select_related("certificate__person")
