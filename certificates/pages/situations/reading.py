"""Names the rows besides the holdings that situations are made of, as query sets that a page reads by one statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person
from administration.models import Parameter
from administration.parameters.book import ParameterBook
from certificates.enums import Category, LegalState
from certificates.models import CertificateEvent, CertificateItem, CertificateVersion
from common.database.together import read_together
from training.models import TrainingRecord
from training.selectors import records_of
from workflow.models import Application
from workflow.selectors.lists import OTHER_PARTIES

ENDED = frozenset(
    {LegalState.REVOKED, LegalState.CANCELLED, LegalState.EXPIRED, LegalState.WITHDRAWN, LegalState.OTHER}
)
"""A certificate in one of these states needs nothing any more."""


def parameters_of(person: Person) -> QuerySet[Parameter]:
    return Parameter.objects.all()


def registration_of(person: Person) -> QuerySet[Person]:
    return Person.objects.filter(pk=person.pk).select_related("registered_at_office")


def training_of(person: Person) -> QuerySet[TrainingRecord]:
    return TrainingRecord.objects.filter(id_number_index=person.id_number_index, withdrawn_at__isnull=True)


def cases_of(person: Person) -> QuerySet[CertificateItem]:
    """Answers what is open about the person's certificates, each with its application and the other parties of it."""
    items = CertificateItem.objects.filter(is_open=True, certificate__person=person)
    return items.select_related("application", *(f"application__{party}" for party in OTHER_PARTIES)).order_by("pk")


def endings_of(person: Person) -> QuerySet[CertificateEvent]:
    """Answers the trail of the certificates that have ended, with the application that ended them."""
    events = CertificateEvent.objects.filter(certificate__person=person, certificate__legal_state__in=ENDED)
    return events.select_related("application").order_by("pk")


def merged_of(person: Person) -> QuerySet[CertificateVersion, tuple[int | None, int, str]]:
    """Answers application, id and number of certificates that others became part of."""
    first = CertificateVersion.objects.filter(
        certificate__person=person, certificate__category=Category.C3, version=1, application__isnull=False
    )
    return first.order_by("pk").values_list("application_id", "certificate_id", "certificate__number")


READS = (parameters_of, registration_of, training_of, cases_of, endings_of, merged_of)


@dataclass(frozen=True)
class Known:
    """Holds what situations are made of besides the holdings; `people` and `training` have ids of persons as keys, `cases`
    and `endings` those of certificates, `merged` those of applications.
    """

    book: ParameterBook
    people: Mapping[int, Person]
    training: Mapping[int, Sequence[TrainingRecord]]
    cases: Mapping[int, Application] = field(default_factory=dict)
    endings: Mapping[int, CertificateEvent] = field(default_factory=dict)
    merged: Mapping[int, tuple[int, str]] = field(default_factory=dict)


def read_for(person: Person) -> Known:
    """Takes one statement."""
    rows = [read(person) for read in READS]
    read_together(rows)
    return known_of(person, *rows)


def known_of(person: Person, *rows: Any) -> Known:
    """Takes the rows of `READS` for the person."""
    parameters, registrations, training, items, events, merged = rows
    for item in items:
        if item.application.person_id == person.pk:
            item.application.person = person
    ended = [event for event in events if event.state_after in ENDED]
    return Known(
        book=ParameterBook(parameters),
        people={person.pk: next(iter(registrations), person)},
        training={person.pk: list(training)},
        cases={item.certificate_id: item.application for item in items if item.certificate_id},
        endings={event.certificate_id: event for event in ended},
        merged={application_id: (pk, number) for application_id, pk, number in merged},
    )


def known_of_many(person_ids: Collection[int]) -> Known:
    """Serves reminders, which go to people whose certificate is neither in a case nor ended; takes three statements."""
    people = Person.objects.select_related("registered_at_office").in_bulk(person_ids)
    records = records_of({person.id_number_index for person in people.values()})
    training = {pk: records.get(person.id_number_index, []) for pk, person in people.items()}
    return Known(ParameterBook.load(), people, training)
