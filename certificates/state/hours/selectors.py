"""Reads the certificates whose present term asks for hours, and the open cases that were filed with hours."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from accounts.models import Person
from certificates.enums import IN_FORCE_STATES
from certificates.models import Certificate
from training.terms import Held
from workflow.business import businesses
from workflow.models import Application

ASKED = "training_hours_per_term"


def kinds_that_ask() -> list[str]:
    """Answers the kinds of application whose checks ask for hours."""
    return [business.kind for business in businesses() if ASKED in business.parameter_keys]


def open_cases(person_ids: Collection[int]) -> list[int]:
    cases = Application.objects.filter(person__in=person_ids, is_open=True, kind__in=kinds_that_ask())
    return sorted(cases.values_list("pk", flat=True))


def people_with_open_cases(id_number_indexes: Collection[str]) -> list[int]:
    cases = Application.objects.filter(
        person__id_number_index__in=id_number_indexes, is_open=True, kind__in=kinds_that_ask()
    )
    return sorted(set(cases.values_list("person_id", flat=True)))


def held_by(person_ids: Collection[int]) -> list[Held]:
    """Answers the certificates in force of these people."""
    return as_held(Certificate.objects.filter(person__in=person_ids, legal_state__in=IN_FORCE_STATES))


def as_held(certificates: QuerySet[Certificate]) -> list[Held]:
    """Answers the first to end first, by two statements.

    Joined to its persons, each of the thousands of certificates of an enterprise would go down the index of all persons.
    """
    rows = certificates.order_by("ends_on", "pk").values_list("person_id", "number", "category", "ends_on", "pk")
    persons = Person.objects.filter(pk__in=sorted({row[0] for row in rows}))
    numbers = dict(persons.order_by("pk").values_list("pk", "id_number_index"))
    return [Held(numbers[person], number, category, ends_on, pk) for person, number, category, ends_on, pk in rows]
