"""Reads the reasons that reviewers tick."""

from __future__ import annotations

from django.db.models import QuerySet

from ..models import DecisionReason


def reasons_for(kind: str) -> list[DecisionReason]:
    """Answers what serves this business: the reasons of its own before those of every business, the oldest first."""
    rows = DecisionReason.objects.filter(kind__in=(kind, ""), retired_at__isnull=True).order_by("pk")
    return sorted(rows, key=lambda one: (one.action, one.kind == "", one.pk))


def reasons_in_use() -> QuerySet[DecisionReason]:
    return (
        DecisionReason.objects.filter(retired_at__isnull=True)
        .select_related("added_by")
        .order_by("action", "kind", "pk")
    )


def find_reason(pk: int) -> DecisionReason | None:
    return DecisionReason.objects.filter(pk=pk).first()
