"""Reads a person for the pages of the counter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate

from accounts.models import Person, User
from common.database.day_ranges import on_days


def has_merged_records(person: Person) -> bool:
    return Person.objects.filter(merged_into=person).exists()


def person_with_registration(pk: int) -> Person:
    """Answers the person with the login, and where and by whom they were registered. Raises Http404."""
    return get_object_or_404(Person.objects.select_related("user", "registered_at_office", "registered_by"), pk=pk)


def registered_by(clerk: User, *, since: date | None = None, until: date | None = None) -> QuerySet[Person]:
    """Answers whom the clerk registered first, not whose card was only renewed; both days count."""
    first = Person.objects.filter(registered_by=clerk, registered_at__isnull=False)
    return first.filter(on_days("registered_at", since, until)).select_related("registered_at_office")


def by_day(people: Iterable[Person]) -> list[tuple[date, list[Person]]]:
    """Keeps the order, in which the people of a day stand together."""
    return [(day, list(group)) for day, group in groupby(people, lambda one: localdate(one.registered_at))]
