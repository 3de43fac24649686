"""Reads that several apps share: routing of cases to offices, public notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from administration.enums import OfficeKind, RouteDesk
from administration.models import Notice, NoticeQuerySet, Office, OfficeRoute, Parameter, Region, RegionAlias
from administration.parameters.declared import DECLARED, Declared

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


def reach_of(office_id: int) -> frozenset[str] | None:
    """Codes of the regions whose people and enterprises an office looks after; None for the whole province.

    Its own region, the counties of its city, and whatever the routing table sends to it (pilot counties and new areas).
    """
    office = Office.objects.select_related("region").get(pk=office_id)
    if office.kind == OfficeKind.PROVINCIAL:
        return None
    codes = {office.region_id, *OfficeRoute.objects.filter(office_id=office_id).values_list("region_id", flat=True)}
    cities_of_it = [code for code in codes if code.endswith("00")]
    return frozenset(codes | set(Region.objects.filter(parent_id__in=cities_of_it).values_list("pk", flat=True)))


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


@dataclass(frozen=True)
class ParameterRow:
    """One value of a parameter in its history."""

    row: Parameter
    words: str
    state: str
    """coming, present or past."""


@dataclass(frozen=True)
class ParameterSheet:
    declared: Declared
    history: list[ParameterRow]
    """Newest first, values to come included."""

    @property
    def present(self) -> ParameterRow | None:
        return next((one for one in self.history if one.state == "present"), None)

    @property
    def coming(self) -> list[ParameterRow]:
        """What takes effect first comes first."""
        return [one for one in reversed(self.history) if one.state == "coming"]


def parameter_sheets(keys: Iterable[str] | None = None, *, on: date) -> list[ParameterSheet]:
    """In the order of declaration; one query."""
    wanted = [DECLARED[key] for key in (DECLARED if keys is None else keys)]
    rows: dict[str, list[Parameter]] = defaultdict(list)
    for row in Parameter.objects.filter(key__in=[one.key for one in wanted]).order_by("key", "-effective_from"):
        rows[row.key].append(row)
    return [ParameterSheet(declared, _history(declared, rows[declared.key], on)) for declared in wanted]


def _history(declared: Declared, rows: Iterable[Parameter], on: date) -> list[ParameterRow]:
    history, state = [], "coming"
    for row in rows:
        if row.effective_from <= on:
            state = "past" if state != "coming" else "present"
        history.append(ParameterRow(row, declared.in_words(row.value), state))
    return history
