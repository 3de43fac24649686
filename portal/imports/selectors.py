"""Reads the imports and importers that a user may see."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate

from accounts.enums import Duty
from accounts.models import User
from administration.enums import ImportState, RowOutcome
from administration.imports.reversing import WAYS
from administration.imports.services import IMPORTERS, Importer
from administration.models import ImportProblem, ImportReversal, ImportRow, ImportRun
from common.dates import midnight


def allowed_importers(user: User) -> list[Importer]:
    return [one for one in IMPORTERS if one.duties & set(user.duties)]


def visible_runs(user: User) -> QuerySet[ImportRun]:
    """Registry clerks see every run of their kinds, the others those of their own office."""
    runs = ImportRun.objects.select_related("office").filter(kind__in=[one.kind for one in allowed_importers(user)])
    return runs if Duty.REGISTRY in user.duties else runs.filter(office=user.office)


def waiting_runs(user: User) -> int:
    """Counts the previews that somebody has to confirm or to give up; they expire by themselves, so they are few."""
    return visible_runs(user).filter(state=ImportState.PREVIEWED).count()


def imported_today(user: User) -> int:
    return visible_runs(user).filter(started_at__gte=midnight(localdate())).count()


def load_run(user: User, pk: int) -> ImportRun:
    """Raises Http404 if the user may not see it."""
    return get_object_or_404(visible_runs(user), pk=pk)


def problems_of(run: ImportRun) -> QuerySet[ImportProblem]:
    return ImportProblem.objects.filter(run=run)


def rows_of(run: ImportRun, outcome: str) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(run=run, outcome=outcome)


def effects_of(run: ImportRun) -> list[tuple[str, int]]:
    """Answers what follows from the rows that are taken in, and for how many, most first."""
    taken = ImportRow.objects.filter(run=run, outcome__in=(RowOutcome.NEW, RowOutcome.CHANGED)).exclude(effect="")
    counted = taken.values("effect").annotate(rows=Count("pk")).order_by("-rows", "effect")
    return [(one["effect"], one["rows"]) for one in counted]


def reversals_of(run: ImportRun) -> list[ImportReversal]:
    return list(ImportReversal.objects.filter(run=run))


def rows_left(run: ImportRun, only: Collection[int] | None) -> QuerySet[Any]:
    """Answers what may still be taken back, or of that the rows with these ids."""
    rows = WAYS[run.kind].rows(run)
    return rows if only is None else rows.filter(pk__in=list(only))
