from __future__ import annotations

from itertools import groupby

from django.db.models import Q, QuerySet

from accounts.enums import ReviewState
from accounts.models import FaceReview, HeldCard, Person, User
from administration.enums import OfficeKind
from administration.models import Office, Region

from .identity import id_number_index

REGISTERING = (OfficeKind.REGISTRATION, OfficeKind.COUNTY, OfficeKind.MUNICIPAL)
"""Kinds of offices where a person can register."""


def person_by_id_number(id_number: str) -> Person | None:
    """`id_number` normalised."""
    return (
        Person.objects.select_related("user", "registered_at_office")
        .filter(id_number_index=id_number_index(id_number))
        .first()
    )


def open_held_card(person: Person) -> HeldCard | None:
    return HeldCard.objects.select_related("office").filter(person=person, settled_at=None).first()


def registration_points() -> list[tuple[str, list[Office]]]:
    """By city, in the order of the codes."""
    offices = (
        Office.objects.filter(is_active=True, kind__in=REGISTERING)
        .select_related("region")
        .order_by("region_id", "kind", "name")
    )
    names = dict(Region.objects.filter(code__endswith="00").order_by("code").values_list("code", "name"))
    return [
        (names.get(city, ""), list(group)) for city, group in groupby(offices, lambda office: office.region.city_code)
    ]


def registration_points_near(person: Person) -> list[Office]:
    """At most five, of the city where the person registered, that office first; of the whole province if nobody knows."""
    home = person.registered_at_office
    offices = Office.objects.filter(is_active=True, kind__in=REGISTERING).order_by("region_id", "kind", "name")
    if home is None:
        return list(offices[:5])
    near = offices.filter(region__code__startswith=home.region_id[:4])
    return sorted(near, key=lambda office: office.pk != home.pk)[:5]


def reviews_for(user: User) -> QuerySet[FaceReview]:
    """Of the city whose counters know the person; all of them where nobody knows, and for the province."""
    waiting = FaceReview.objects.filter(state=ReviewState.WAITING).order_by("id")
    if user.office is None:
        return waiting.none()
    city = user.office.region.city_code
    return waiting if city.endswith("0000") else waiting.filter(Q(city=city) | Q(city=""))
