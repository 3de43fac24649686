"""Reads the offices that people may ask, write to or go to, by city; training institutions and exam offices too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from administration.enums import OfficeKind
from administration.models import Office, Region

OF_AUTHORITIES = (OfficeKind.PROVINCIAL, OfficeKind.MUNICIPAL, OfficeKind.COUNTY)
AUTHORITIES = "authority"
PROVINCE = "360000"
"""The province itself stands among its cities."""


@dataclass(frozen=True)
class City:
    name: str
    offices: Sequence[Office]


def cities() -> list[tuple[str, str]]:
    """Answers code and name of the province and its cities, in the order of the codes."""
    return list(Region.objects.filter(code__endswith="00").order_by("code").values_list("code", "name"))


def offices_by_city(names: Sequence[tuple[str, str]], *, city: str = "", kinds: Sequence[str] = ()) -> list[City]:
    """Answers those that work; one query for any number of cities."""
    known = dict(names)
    groups = groupby(_offices(city, kinds), lambda office: office.region.city_code)
    return [City(known.get(code, ""), list(group)) for code, group in groups]


def _offices(city: str, kinds: Sequence[str]) -> QuerySet[Office]:
    offices = Office.objects.filter(is_active=True).select_related("region").order_by("region_id", "kind", "name")
    if city:
        begin = city if city == PROVINCE else city[:4]
        offices = offices.filter(region__code__startswith=begin)
    return offices.filter(kind__in=kinds) if kinds else offices
