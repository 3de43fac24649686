"""Reads the scans of persons: their own, whether there are any, and those that an office may open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from exams.models import Evidence, ExamEntry
from exams.permissions import readable
from workflow.actors import Actor


def evidence_of(person_id: int) -> list[Evidence]:
    """Answers what the person shows now, in the order in which it was uploaded."""
    return list(Evidence.objects.filter(person=person_id, removed_at__isnull=True).order_by("pk"))


def evidence_of_entry(entry: ExamEntry) -> list[Evidence]:
    """Answers what the person shows now, and what was there for the review of this entry and has been taken back since;
    `removed_at` tells them apart.
    """
    relied_on = Q(removed_at__gt=entry.entered_at)
    if entry.reviewed_at is not None:
        relied_on &= Q(uploaded_at__lte=entry.reviewed_at)
    rows = Evidence.objects.filter(Q(removed_at__isnull=True) | relied_on, person=entry.person_id)
    return list(rows.order_by("pk"))


def evidence_kinds_of(person_ids: Collection[int]) -> dict[int, set[str]]:
    """Maps a person to the kinds of which there is a scan now, in one query."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Evidence.objects.filter(person__in=person_ids, removed_at__isnull=True)
    for person_id, kind in rows.order_by("pk").values_list("person_id", "kind"):
        found[person_id].add(kind)
    return dict(found)


def own_evidence(person_id: int, pk: int) -> Evidence:
    """Raises Http404 for what was taken back, and for the scan of somebody else."""
    return get_object_or_404(Evidence, pk=pk, person=person_id, removed_at__isnull=True)


def readable_evidence(actor: Actor, pk: int) -> Evidence:
    """An office opens what belongs to an entry that it may read. Raises Http404 for any other."""
    return get_object_or_404(_readable(actor), pk=pk)


def _readable(actor: Actor) -> QuerySet[Evidence]:
    """Keep it equal to `evidence_of_entry` of the entries that the actor may read."""
    entries = ExamEntry.objects.filter(readable(actor), person=OuterRef("person"))
    before_review = Q(reviewed_at__isnull=True) | Q(reviewed_at__gte=OuterRef("uploaded_at"))
    relied_on = entries.filter(before_review, entered_at__lt=OuterRef("removed_at"))
    return Evidence.objects.filter(Q(removed_at__isnull=True) & Exists(entries) | Exists(relied_on))
