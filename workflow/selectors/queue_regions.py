"""Reads the regions by which an office narrows its queues."""

from __future__ import annotations

from administration.models import Region
from administration.offices.selectors import reach_of

from ..actors import Actor


def regions_for(actor: Actor) -> list[Region]:
    """Answers the cities for the province, and for other offices what they look after."""
    within = reach_of(actor.office_id or 0)
    cities = Region.objects.filter(code__endswith="00").exclude(code__endswith="0000")
    rows = cities if within is None else Region.objects.filter(code__in=within)
    return list(rows.order_by("code"))


def codes_within(code: str) -> list[str]:
    """Answers the region itself and, of a city, its counties."""
    return [code, *Region.objects.filter(parent=code).order_by("code").values_list("code", flat=True)]
