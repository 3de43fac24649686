"""Reads that several apps share: routing of cases to offices, public notices."""

from __future__ import annotations

from collections.abc import Iterable

from .enums import RouteDesk
from .models import Notice, NoticeQuerySet, Office, OfficeRoute, Region, RegionAlias

PROVINCE = "360000"


class Routing:
    """Region → office per desk, loaded once: a region without a row is served by its city's, then the province's."""

    def __init__(self) -> None:
        self._routes: dict[tuple[str, str], Office] = {
            (route.region_id, route.desk): route.office
            for route in OfficeRoute.objects.select_related("office").filter(office__is_active=True)
        }

    def office(self, region_code: str, desk: RouteDesk | str) -> Office | None:
        for code in (region_code, region_code[:4] + "00", PROVINCE):
            office = self._routes.get((code, str(desk)))
            if office is not None:
                return office
        return None


def region_of_code(code: str) -> Region | None:
    """The present region of a code from an ID number or USCC; abolished codes answer with their successor."""
    region = Region.objects.filter(pk=code).first()
    if region is not None:
        return region
    alias = RegionAlias.objects.select_related("region").filter(pk=code).first()
    return alias.region if alias else None


def latest_notices(limit: int) -> NoticeQuerySet:
    return Notice.objects.public()[:limit]


def cities() -> Iterable[Region]:
    return Region.objects.filter(parent_id=PROVINCE)
