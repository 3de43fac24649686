"""Reads what several apps share: routing of cases to offices, and public notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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

    def chain(self, region_code: str, desk: RouteDesk | str) -> list[Office]:
        """Answers the offices with a row for the region, its city and the province, the nearest first."""
        codes = dict.fromkeys((region_code, region_code[:4] + "00", PROVINCE))
        return [self._routes[code, str(desk)] for code in codes if (code, str(desk)) in self._routes]

    def serving(self, desk: RouteDesk | str) -> dict[int, Office]:
        """Answers every office that has a row for this desk anywhere, by id."""
        return {office.pk: office for (_, one), office in self._routes.items() if one == str(desk)}

    def office(self, region_code: str, desk: RouteDesk | str) -> Office | None:
        return next(iter(self.chain(region_code, desk)), None)


@dataclass(frozen=True)
class MissingOffice:
    """A region in which nobody answers for a desk: its cases cannot go there."""

    region: Region
    desk: RouteDesk


def missing_offices() -> list[MissingOffice]:
    """Lists the widest regions only; two queries."""
    routing = Routing()

    def lacks(region: str, desk: RouteDesk) -> bool:
        # The province needs an office of its own only for the desk where it decides.
        is_needed = region != PROVINCE or desk == RouteDesk.PROVINCIAL
        return is_needed and routing.office(region, desk) is None

    return list(widest(lacks))


def widest(lacks: Callable[[str, RouteDesk], bool]) -> Iterator[MissingOffice]:
    """Leaves a county out where its city lacks the same office."""
    lacking: set[tuple[str | None, str]] = set()
    for region in Region.objects.order_by("pk"):
        for desk in RouteDesk:
            if lacks(region.pk, desk):
                lacking.add((region.pk, desk))
                if (region.parent_id, desk) not in lacking:
                    yield MissingOffice(region, desk)


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
