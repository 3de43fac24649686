"""Reads what several apps share: routing of cases to offices, and public notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from administration.enums import OfficeKind, RouteDesk
from administration.models import Office, OfficeRoute, Region, RegionAlias

PROVINCE = "360000"


class Routing:
    """Maps a region to the office of each desk, loaded once: a region without a row is served by its city's, then the
    province's.
    """

    def __init__(self) -> None:
        self._routes: dict[tuple[str, str], Office] = {
            (route.region_id, route.desk): route.office
            for route in OfficeRoute.objects.select_related("office").filter(office__is_active=True)
        }

    def keys(self) -> Iterable[tuple[str, str]]:
        """Answers the regions and desks that have a row of their own."""
        return self._routes.keys()

    def office(self, region_code: str, desk: RouteDesk | str) -> Office | None:
        for code in (region_code, region_code[:4] + "00", PROVINCE):
            office = self._routes.get((code, str(desk)))
            if office is not None:
                return office
        return None


@dataclass(frozen=True)
class MissingOffice:
    """A region in which nobody answers for a desk: its cases cannot go there."""

    region: Region
    desk: RouteDesk


def missing_offices() -> list[MissingOffice]:
    """Lists the widest regions only: a county is left out where its city lacks the same office; two queries."""
    routing, missing = Routing(), []
    lacking: set[tuple[str, str]] = set()
    for region in Region.objects.order_by("pk"):
        for desk in RouteDesk:
            # The province needs an office of its own only for the desk where it decides.
            if routing.office(region.pk, desk) or (region.pk == PROVINCE and desk != RouteDesk.PROVINCIAL):
                continue
            lacking.add((region.pk, desk))
            if (region.parent_id, desk) not in lacking:
                missing.append(MissingOffice(region, desk))
    return missing


def reach_of(office_id: int) -> frozenset[str] | None:
    """Answers codes of the regions whose people and enterprises an office looks after; None for the whole province.

    These are its own region, the counties of its city, and what the routing table sends to it (pilot counties and new
    areas).
    """
    office = Office.objects.select_related("region").get(pk=office_id)
    if office.kind == OfficeKind.PROVINCIAL:
        return None
    codes = {office.region_id, *OfficeRoute.objects.filter(office_id=office_id).values_list("region_id", flat=True)}
    cities_of_it = [code for code in codes if code.endswith("00")]
    return frozenset(codes | set(Region.objects.filter(parent_id__in=cities_of_it).values_list("pk", flat=True)))


def region_of_code(code: str) -> Region | None:
    """Answers the present region of a code from an ID number or USCC; abolished codes answer with their successor."""
    region = Region.objects.filter(pk=code).first()
    if region is not None:
        return region
    alias = RegionAlias.objects.select_related("region").filter(pk=code).first()
    return alias.region if alias else None


def cities() -> Iterable[Region]:
    return Region.objects.filter(parent_id=PROVINCE)
