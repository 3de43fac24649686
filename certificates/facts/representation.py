"""Finds the enterprises whose legal representative a person is."""

from __future__ import annotations

from django.db.models import QuerySet

from employment.selectors import load_works_for
from enterprises.models import Enterprise


def represented_by(person_id: int) -> QuerySet[Enterprise]:
    return Enterprise.objects.filter(pk__in=load_works_for([person_id]).represented.get(person_id, set()))
