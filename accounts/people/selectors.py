"""Reads persons, held cards and the offices that register people."""

from __future__ import annotations

from accounts.models import HeldCard, Person, User
from administration.enums import OfficeKind
from administration.models import Office

from .numbers import present_index
from .offices import cities, offices_by_city

REGISTERING = (OfficeKind.REGISTRATION, OfficeKind.COUNTY, OfficeKind.MUNICIPAL)


def person_by_id_number(id_number: str) -> Person | None:
    """`id_number` is normalised; a number that was corrected finds the person too."""
    return (
        Person.objects.select_related("user", "registered_at_office")
        .filter(id_number_index=present_index(id_number))
        .first()
    )


def open_held_card(person: Person) -> HeldCard | None:
    return HeldCard.objects.select_related("office").filter(person=person, settled_at=None).first()


def registration_points() -> list[tuple[str, list[Office]]]:
    """Groups the offices by city, in the order of the codes."""
    return [(city.name, list(city.offices)) for city in offices_by_city(cities(), kinds=REGISTERING)]


def registration_points_near(person: Person) -> list[Office]:
    """Answers at most five offices of the city where the person registered, that office first; without a known city,
    offices of the whole province.
    """
    home = person.registered_at_office
    offices = Office.objects.filter(is_active=True, kind__in=REGISTERING).order_by("region_id", "kind", "name")
    if home is None:
        return list(offices[:5])
    near = offices.filter(region__code__startswith=home.region_id[:4])
    return sorted(near, key=lambda office: office.pk != home.pk)[:5]


def person_of_login(user: User) -> Person | None:
    return Person.objects.filter(user=user).first()
