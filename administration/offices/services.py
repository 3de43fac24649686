"""Writes offices and their routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.db import transaction

from administration.audit.services import record_audit
from administration.enums import OfficeKind, RouteDesk
from administration.messages.services import open_mailbox
from administration.models import (
    Office,
    OfficeRoute,
)
from common.findings import Finding, Refused

from .routing_change import ChangedBy, routing_change


@dataclass(frozen=True)
class OfficeFacts:
    name: str
    kind: str
    region: str
    address: str
    phone: str
    opening_hours: str
    routes: tuple[tuple[str, str], ...]


_LEVELS = {OfficeKind.PROVINCIAL: "0000", OfficeKind.MUNICIPAL: "00", OfficeKind.COUNTY: ""}


@transaction.atomic
def save_office(*, facts: OfficeFacts, by: str) -> Literal["new", "changed", "known"]:
    """Finds the office by its name. Its routes are added; one that another office has is refused, never taken over.

    What is open in regions that get an office of their own goes to it.
    """
    if findings := [*_level_findings(facts), *_route_findings(facts)]:
        raise Refused(*findings)
    with routing_change(by=ChangedBy(None, by)):
        outcome, office, detail = _save(facts)
    if outcome != "known":
        record_audit(
            action="save_office",
            actor_id=None,
            actor_name=by,
            object_type="administration.office",
            object_id=office.pk,
            detail=detail,
        )
    return outcome


def _save(facts: OfficeFacts) -> tuple[Literal["new", "changed", "known"], Office, dict[str, object]]:
    office = Office.objects.select_for_update(no_key=True).filter(name=facts.name).first()
    outcome: Literal["new", "changed", "known"] = "known" if office else "new"
    if office is None:
        office = Office(name=facts.name, kind=facts.kind, region_id=facts.region, mailbox=open_mailbox())
    wanted = {"address": facts.address, "phone": facts.phone, "opening_hours": facts.opening_hours}
    wanted |= {"kind": facts.kind, "region_id": facts.region}
    changed = {name: value for name, value in wanted.items() if getattr(office, name) != value}
    for name, value in changed.items():
        setattr(office, name, value)
    office.save()
    made = [
        OfficeRoute.objects.get_or_create(region_id=region, desk=desk, defaults={"office": office})[1]
        for region, desk in facts.routes
    ]
    if outcome == "known" and (changed or any(made)):
        outcome = "changed"
    return outcome, office, {"outcome": outcome, "changed": sorted(changed), "routes": sum(made)}


def _level_findings(facts: OfficeFacts) -> Iterator[Finding]:
    """An authority belongs to a region of its own level."""
    level = _LEVELS.get(OfficeKind(facts.kind))
    if level is None:
        if facts.routes:
            sentence = f"{OfficeKind(facts.kind).label}不受理业务，受理区划应留空。"
            yield Finding("office.routes", sentence)
        return
    zeros = "0000" if facts.region.endswith("0000") else "00" if facts.region.endswith("00") else ""
    if zeros != level:
        sentence = f"类别“{OfficeKind(facts.kind).label}”与区划代码 {facts.region} 的级别不符。"
        yield Finding("office.level", sentence)


def _route_findings(facts: OfficeFacts) -> Iterator[Finding]:
    for region, desk in facts.routes:
        other = OfficeRoute.objects.select_related("office").filter(region_id=region, desk=desk).first()
        if other is not None and other.office.name != facts.name:
            sentence = f"{region} 的“{RouteDesk(desk).label}”已由{other.office.name}负责，请先在后台“受理范围”中修改。"
            yield Finding("office.route_taken", sentence)
