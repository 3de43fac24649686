"""Reads the imports and importers that a user may see."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.enums import Duty
from accounts.models import User
from administration.imports.services import IMPORTERS, Importer
from administration.models import ImportProblem, ImportRun


def allowed_importers(user: User) -> list[Importer]:
    return [one for one in IMPORTERS if one.duties & set(user.duties)]


def visible_runs(user: User) -> QuerySet[ImportRun]:
    """Registry clerks see every run of their kinds, the others those of their own office."""
    runs = ImportRun.objects.select_related("office").filter(kind__in=[one.kind for one in allowed_importers(user)])
    return runs if Duty.REGISTRY in user.duties else runs.filter(office=user.office)


def load_run(user: User, pk: int) -> ImportRun:
    """Raises Http404 if the user may not see it."""
    return get_object_or_404(visible_runs(user), pk=pk)


def problems_of(run: ImportRun) -> QuerySet[ImportProblem]:
    return ImportProblem.objects.filter(run=run)
