"""Reads a person for the pages of the counter."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from accounts.models import Person


def has_merged_records(person: Person) -> bool:
    return Person.objects.filter(merged_into=person).exists()


def person_with_registration(pk: int) -> Person:
    """Answers the person with the login, and where and by whom they were registered. Raises Http404."""
    return get_object_or_404(Person.objects.select_related("user", "registered_at_office", "registered_by"), pk=pk)
